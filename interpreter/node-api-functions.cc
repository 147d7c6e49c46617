// Node-API on QuickJS: functions, classes, exceptions, and what an addon keeps between calls.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "env.h"

using interpreter::handleOf;
using interpreter::valueOf;

// One call from JavaScript.
struct napi_callback_info__ {
  JSValueConst receiver;
  int count;
  JSValueConst* arguments;
  void* data;
};

// Keeps a value alive.
struct napi_ref__ {
  JSValue value;
};

namespace {

JSValue callNative(JSContext* context, JSValueConst receiver, int count, JSValueConst* arguments, int number) {
  auto* env = static_cast<napi_env>(JS_GetContextOpaque(context));
  const NativeFunction& function = env->functions[number];
  napi_callback_info__ info = {receiver, count, arguments, function.data};
  HandleScope scope(context, env->handles);
  napi_value result = function.call(env, &info);
  if (env->isThrowing) {
    env->isThrowing = false;
    return JS_EXCEPTION;
  }
  return result == nullptr ? JS_UNDEFINED : JS_DupValue(context, valueOf(result));
}

}  // namespace

napi_status napi_create_function(napi_env env, const char* name, size_t length, napi_callback call, void* data,
                                 napi_value* result) {
  if (length != NAPI_AUTO_LENGTH || env->functionCount == napi_env__::kMaximumFunctions) {
    return napi_invalid_arg;
  }
  auto number = static_cast<int>(env->functionCount++);
  env->functions[number] = {call, data};
  JSValue function = JS_NewCFunctionMagic(env->context, callNative, name, 0, JS_CFUNC_generic_magic, number);
  if (JS_IsException(function)) {
    return napi_pending_exception;
  }
  *result = handleOf(env, function);
  return napi_ok;
}

napi_status napi_get_cb_info(napi_env env, napi_callback_info info, size_t* count, napi_value* arguments,
                             napi_value* receiver, void** data) {
  if (count != nullptr) {
    auto given = static_cast<size_t>(info->count);
    for (size_t index = 0; arguments != nullptr && index < *count; ++index) {
      arguments[index] =
          handleOf(env, index < given ? JS_DupValue(env->context, info->arguments[index]) : JS_UNDEFINED);
    }
    *count = given;
  }
  if (receiver != nullptr) {
    *receiver = handleOf(env, JS_DupValue(env->context, info->receiver));
  }
  if (data != nullptr) {
    *data = info->data;
  }
  return napi_ok;
}

napi_status napi_new_instance(napi_env env, napi_value constructor, size_t count, const napi_value* arguments,
                              napi_value* result) {
  constexpr size_t kMost = 8;
  if (count > kMost) {
    return napi_invalid_arg;
  }
  JSValue values[kMost];
  for (size_t index = 0; index < count; ++index) {
    values[index] = valueOf(arguments[index]);
  }
  JSValue instance = JS_CallConstructor(env->context, valueOf(constructor), static_cast<int>(count), values);
  if (JS_IsException(instance)) {
    return napi_pending_exception;
  }
  *result = handleOf(env, instance);
  return napi_ok;
}

napi_status napi_throw(napi_env env, napi_value error) {
  JS_Throw(env->context, JS_DupValue(env->context, valueOf(error)));
  env->isThrowing = true;
  return napi_ok;
}

void napi_fatal_error(const char* location, size_t, const char* message, size_t) {
  fprintf(stderr, "%s: %s\n", location, message);
  abort();
}

napi_status napi_create_reference(napi_env env, napi_value value, uint32_t count, napi_ref* result) {
  auto* reference = static_cast<napi_ref>(js_malloc(env->context, sizeof(napi_ref__)));
  // A weak one is not offered.
  if (reference == nullptr || count == 0) {
    js_free(env->context, reference);
    return napi_generic_failure;
  }
  reference->value = JS_DupValue(env->context, valueOf(value));
  *result = reference;
  return napi_ok;
}

napi_status napi_delete_reference(napi_env env, napi_ref reference) {
  JS_FreeValue(env->context, reference->value);
  js_free(env->context, reference);
  return napi_ok;
}

napi_status napi_get_reference_value(napi_env env, napi_ref reference, napi_value* result) {
  *result = handleOf(env, JS_DupValue(env->context, reference->value));
  return napi_ok;
}

// The environment lives as long as the process: nothing is finalized.
napi_status napi_set_instance_data(napi_env env, void* data, napi_finalize, void*) {
  env->instanceData = data;
  return napi_ok;
}

napi_status napi_get_instance_data(napi_env env, void** data) {
  *data = env->instanceData;
  return napi_ok;
}

namespace interpreter {

void expect(bool condition, const char* what) {
  if (!condition) {
    napi_fatal_error("runts", NAPI_AUTO_LENGTH, what, NAPI_AUTO_LENGTH);
  }
}

}  // namespace interpreter
