// Node-API on QuickJS: values (nodejs.org/api/n-api.html, "Working with JavaScript values"). Of the whole interface,
// here is what the addon calls; a call that is missing shows when the program is linked.
#include <cstdlib>
#include <cstring>

#include "env.h"
#include "text.h"

using interpreter::handleOf;
using interpreter::Utf8;
using interpreter::valueOf;

namespace {

napi_status give(napi_env env, JSValue value, napi_value* result) {
  if (JS_IsException(value)) {
    return napi_pending_exception;
  }
  *result = handleOf(env, value);
  return napi_ok;
}

void freeMemory(JSRuntime*, void*, void* memory) { free(memory); }

}  // namespace

napi_status napi_get_undefined(napi_env env, napi_value* result) { return give(env, JS_UNDEFINED, result); }

napi_status napi_get_null(napi_env env, napi_value* result) { return give(env, JS_NULL, result); }

napi_status napi_get_boolean(napi_env env, bool value, napi_value* result) {
  return give(env, JS_NewBool(env->context, value), result);
}

napi_status napi_create_int64(napi_env env, int64_t value, napi_value* result) {
  return give(env, JS_NewInt64(env->context, value), result);
}

napi_status napi_create_string_utf8(napi_env env, const char* text, size_t length, napi_value* result) {
  size_t size = length == NAPI_AUTO_LENGTH ? strlen(text) : length;
  return give(env, interpreter::newText(env->context, text, size), result);
}

napi_status napi_create_object(napi_env env, napi_value* result) {
  return give(env, JS_NewObject(env->context), result);
}

napi_status napi_create_array_with_length(napi_env env, size_t length, napi_value* result) {
  JSValue array = JS_NewArray(env->context);
  if (!JS_IsException(array) && length > 0 &&
      JS_SetPropertyStr(env->context, array, "length", JS_NewInt64(env->context, static_cast<int64_t>(length))) < 0) {
    JS_FreeValue(env->context, array);
    return napi_pending_exception;
  }
  return give(env, array, result);
}

napi_status napi_create_arraybuffer(napi_env env, size_t size, void** data, napi_value* result) {
  auto* memory = static_cast<uint8_t*>(calloc(1, size == 0 ? 1 : size));
  interpreter::expect(memory != nullptr, "out of memory");
  JSValue buffer = JS_NewArrayBuffer(env->context, memory, size, freeMemory, nullptr, false);
  if (JS_IsException(buffer)) {
    free(memory);
    return napi_pending_exception;
  }
  if (data != nullptr) {
    *data = memory;
  }
  return give(env, buffer, result);
}

napi_status napi_create_typedarray(napi_env env, napi_typedarray_type type, size_t length, napi_value buffer,
                                   size_t offset, napi_value* result) {
  if (type != napi_uint8_array) {
    return napi_invalid_arg;
  }
  JSValue arguments[] = {valueOf(buffer), JS_NewInt64(env->context, static_cast<int64_t>(offset)),
                         JS_NewInt64(env->context, static_cast<int64_t>(length))};
  return give(env, JS_NewTypedArray(env->context, 3, arguments, JS_TYPED_ARRAY_UINT8), result);
}

napi_status napi_typeof(napi_env env, napi_value handle, napi_valuetype* result) {
  JSValue value = valueOf(handle);
  if (JS_IsString(value)) {
    *result = napi_string;
  } else if (JS_IsNumber(value)) {
    *result = napi_number;
  } else if (JS_IsUndefined(value)) {
    *result = napi_undefined;
  } else if (JS_IsNull(value)) {
    *result = napi_null;
  } else if (JS_IsBool(value)) {
    *result = napi_boolean;
  } else if (JS_IsSymbol(value)) {
    *result = napi_symbol;
  } else if (JS_IsBigInt(env->context, value)) {
    *result = napi_bigint;
  } else {
    *result = JS_IsFunction(env->context, value) ? napi_function : napi_object;
  }
  return napi_ok;
}

napi_status napi_get_value_bool(napi_env env, napi_value handle, bool* result) {
  if (!JS_IsBool(valueOf(handle))) {
    return napi_boolean_expected;
  }
  *result = JS_ToBool(env->context, valueOf(handle)) != 0;
  return napi_ok;
}

napi_status napi_get_value_int32(napi_env env, napi_value handle, int32_t* result) {
  if (!JS_IsNumber(valueOf(handle))) {
    return napi_number_expected;
  }
  return JS_ToInt32(env->context, result, valueOf(handle)) == 0 ? napi_ok : napi_pending_exception;
}

napi_status napi_get_value_uint32(napi_env env, napi_value handle, uint32_t* result) {
  if (!JS_IsNumber(valueOf(handle))) {
    return napi_number_expected;
  }
  return JS_ToUint32(env->context, result, valueOf(handle)) == 0 ? napi_ok : napi_pending_exception;
}

napi_status napi_get_value_string_utf8(napi_env env, napi_value handle, char* target, size_t capacity,
                                       size_t* result) {
  if (!JS_IsString(valueOf(handle))) {
    return napi_string_expected;
  }
  Utf8 text(env->context, valueOf(handle));
  if (!text.isValid()) {
    return napi_pending_exception;
  }
  if (target == nullptr) {
    *result = text.size();
    return napi_ok;
  }
  size_t size = capacity == 0 ? 0 : text.wholeWithin(capacity - 1);
  memcpy(target, text.data(), size);
  if (capacity > 0) {
    target[size] = '\0';
  }
  if (result != nullptr) {
    *result = size;
  }
  return napi_ok;
}

// QuickJS tells of a typed array how wide its elements are, and not which of the types of that width it has: the
// unsigned one is named.
napi_status napi_get_typedarray_info(napi_env env, napi_value handle, napi_typedarray_type* type, size_t* length,
                                     void** data, napi_value* buffer, size_t* offset) {
  size_t start = 0;
  size_t size = 0;
  size_t width = 0;
  JSValue memory = JS_GetTypedArrayBuffer(env->context, valueOf(handle), &start, &size, &width);
  if (JS_IsException(memory)) {
    JS_FreeValue(env->context, JS_GetException(env->context));
    return napi_invalid_arg;
  }
  size_t whole = 0;
  uint8_t* bytes = JS_GetArrayBuffer(env->context, &whole, memory);
  if (buffer != nullptr) {
    *buffer = handleOf(env, memory);
  } else {
    JS_FreeValue(env->context, memory);
  }
  if (bytes == nullptr) {
    JS_FreeValue(env->context, JS_GetException(env->context));
    return napi_invalid_arg;
  }
  if (type != nullptr) {
    *type = width == 1   ? napi_uint8_array
            : width == 2 ? napi_uint16_array
            : width == 4 ? napi_uint32_array
                         : napi_biguint64_array;
  }
  if (length != nullptr) {
    *length = size / width;
  }
  if (data != nullptr) {
    *data = bytes + start;
  }
  if (offset != nullptr) {
    *offset = start;
  }
  return napi_ok;
}

napi_status napi_get_array_length(napi_env env, napi_value handle, uint32_t* result) {
  if (JS_IsArray(env->context, valueOf(handle)) != 1) {
    return napi_array_expected;
  }
  JSValue length = JS_GetPropertyStr(env->context, valueOf(handle), "length");
  return JS_ToUint32(env->context, result, length) == 0 ? napi_ok : napi_pending_exception;
}

napi_status napi_get_element(napi_env env, napi_value object, uint32_t index, napi_value* result) {
  return give(env, JS_GetPropertyUint32(env->context, valueOf(object), index), result);
}

napi_status napi_set_element(napi_env env, napi_value object, uint32_t index, napi_value value) {
  JSValue kept = JS_DupValue(env->context, valueOf(value));
  return JS_SetPropertyUint32(env->context, valueOf(object), index, kept) < 0 ? napi_pending_exception : napi_ok;
}

napi_status napi_set_named_property(napi_env env, napi_value object, const char* name, napi_value value) {
  JSValue kept = JS_DupValue(env->context, valueOf(value));
  return JS_SetPropertyStr(env->context, valueOf(object), name, kept) < 0 ? napi_pending_exception : napi_ok;
}
