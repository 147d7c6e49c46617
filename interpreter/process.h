// What a program can ask of its own process: `process`, of which Node.js has more, and `performance`.
#pragma once

#include <cstddef>

extern "C" {
#include <quickjs.h>
}

namespace interpreter {

struct Arguments {
  int count;
  char** values;
};

// What is the same in every process.
void defineProcess(JSContext* context, JSValueConst global);

// What is of this one.
void describeProcess(JSContext* context, JSValueConst global, const Arguments& arguments);

}  // namespace interpreter
