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

void defineProcess(JSContext* context, JSValueConst global, const Arguments& arguments);

}  // namespace interpreter
