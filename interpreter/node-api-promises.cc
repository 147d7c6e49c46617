// Node-API on QuickJS: promises.

#include "env.h"

using interpreter::handleOf;
using interpreter::valueOf;

// The two functions that settle a promise.
struct napi_deferred__ {
  JSValue functions[2];
};

namespace {

constexpr int kResolve = 0;
constexpr int kReject = 1;

napi_status settle(napi_env env, napi_deferred deferred, int how, napi_value value) {
  JSValue argument = valueOf(value);
  JSValue result = JS_Call(env->context, deferred->functions[how], JS_UNDEFINED, 1, &argument);
  for (JSValue function : deferred->functions) {
    JS_FreeValue(env->context, function);
  }
  js_free(env->context, deferred);
  if (JS_IsException(result)) {
    return napi_pending_exception;
  }
  JS_FreeValue(env->context, result);
  return napi_ok;
}

}  // namespace

napi_status napi_create_promise(napi_env env, napi_deferred* result, napi_value* promise) {
  auto* deferred = static_cast<napi_deferred>(js_malloc(env->context, sizeof(napi_deferred__)));
  if (deferred == nullptr) {
    return napi_generic_failure;
  }
  JSValue value = JS_NewPromiseCapability(env->context, deferred->functions);
  if (JS_IsException(value)) {
    js_free(env->context, deferred);
    return napi_pending_exception;
  }
  *result = deferred;
  *promise = handleOf(env, value);
  return napi_ok;
}

napi_status napi_resolve_deferred(napi_env env, napi_deferred deferred, napi_value value) {
  return settle(env, deferred, kResolve, value);
}

napi_status napi_reject_deferred(napi_env env, napi_deferred deferred, napi_value value) {
  return settle(env, deferred, kReject, value);
}
