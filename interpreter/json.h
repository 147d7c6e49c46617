// JSON.parse as ECMAScript has it: that of QuickJS takes texts that are no JSON.
#pragma once

extern "C" {
#include <quickjs.h>
}

namespace interpreter {

// Puts a check of the text before the function that is there.
void makeJsonStrict(JSContext* context, JSValueConst global);

}  // namespace interpreter
