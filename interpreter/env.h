// What stands behind `napi_env` here: the one JavaScript environment of the program.
#pragma once

#include <cstddef>
#include <cstdint>

#define NAPI_VERSION 8
#include <node_api.h>

extern "C" {
#include <quickjs.h>
}

#include "handles.h"

// A function of C++ that JavaScript calls.
struct NativeFunction {
  napi_callback call;
  void* data;
};

struct napi_env__ {
  // An addon offers all of its functions when it is bound; the number is the magic of the QuickJS function.
  static constexpr size_t kMaximumFunctions = 512;

  JSContext* context;
  Handles handles;
  NativeFunction functions[kMaximumFunctions];
  size_t functionCount;
  void* instanceData;
  // Set by napi_throw until the function that called it has returned.
  bool isThrowing;
};

namespace interpreter {

// Ends the program with `what` unless `condition` holds: for what only a fault of the program or a lack of memory can
// break.
void expect(bool condition, const char* what);

inline JSValue valueOf(napi_value value) { return *reinterpret_cast<JSValue*>(value); }

// Takes the value over, to live as long as the innermost scope.
inline napi_value handleOf(napi_env env, JSValue value) {
  return reinterpret_cast<napi_value>(env->handles.add(env->context, value));
}

}  // namespace interpreter
