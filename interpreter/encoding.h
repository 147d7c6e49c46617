// TextEncoder and TextDecoder (encoding.spec.whatwg.org), of UTF-8.
#pragma once

extern "C" {
#include <quickjs.h>
}

namespace interpreter {

void defineEncoding(JSContext* context, JSValueConst global);

}  // namespace interpreter
