#include "call.h"

#include <cstring>

#include <errno.h>

#include "instance.h"

namespace runts {
namespace {

void check(napi_status status, const char* what) { expect(status == napi_ok, what); }

}  // namespace

void expect(bool condition, const char* what) {
  if (!condition) {
    napi_fatal_error("runts", NAPI_AUTO_LENGTH, what, NAPI_AUTO_LENGTH);
  }
}

Call::Call(napi_env env, napi_callback_info info) : env_(env) {
  check(napi_get_cb_info(env, info, &count_, arguments_, nullptr, nullptr), "call without information");
  expect(count_ <= kMaximumArguments, "too many arguments");
}

napi_value Call::argument(size_t index) const {
  expect(index < count_, "an argument is missing");
  return arguments_[index];
}

int32_t Call::integer(size_t index) const {
  int32_t value = 0;
  check(napi_get_value_int32(env_, argument(index), &value), "argument is not an integer");
  return value;
}

uint32_t Call::natural(size_t index) const {
  uint32_t value = 0;
  check(napi_get_value_uint32(env_, argument(index), &value), "argument is not a natural number");
  return value;
}

bool Call::flag(size_t index) const {
  bool value = false;
  check(napi_get_value_bool(env_, argument(index), &value), "argument is not a boolean");
  return value;
}

Bytes Call::bytes(size_t index) const {
  napi_typedarray_type type = napi_uint8_array;
  size_t length = 0;
  void* data = nullptr;
  check(napi_get_typedarray_info(env_, argument(index), &type, &length, &data, nullptr, nullptr),
        "argument is not a typed array");
  size_t width = 1;
  switch (type) {
    case napi_int8_array:
    case napi_uint8_array:
    case napi_uint8_clamped_array:
      width = 1;
      break;
    case napi_int16_array:
    case napi_uint16_array:
#ifdef NODE_API_HAS_FLOAT16_ARRAY
    case napi_float16_array:
#endif
      width = 2;
      break;
    case napi_int32_array:
    case napi_uint32_array:
    case napi_float32_array:
      width = 4;
      break;
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array:
      width = 8;
      break;
  }
  return {static_cast<uint8_t*>(data), length * width};
}

Failure Call::text(size_t index, char* target, size_t capacity) const {
  size_t copied = 0;
  check(napi_get_value_string_utf8(env_, argument(index), target, capacity, &copied), "argument is not a string");
  // A character of several bytes that does not fit is left out whole: only then is the size asked for, which costs as much.
  if (copied + 4 >= capacity && textSize(index) >= capacity) {
    return {"text", ENAMETOOLONG};
  }
  return strlen(target) == copied ? Failure{} : Failure{"text", EINVAL};
}

bool Call::isText(size_t index) const {
  napi_valuetype type = napi_undefined;
  check(napi_typeof(env_, argument(index), &type), "an argument without a type");
  return type == napi_string;
}

size_t Call::textSize(size_t index) const {
  size_t size = 0;
  check(napi_get_value_string_utf8(env_, argument(index), nullptr, 0, &size), "argument is not a string");
  return size;
}

void Call::copyText(size_t index, char* target, size_t capacity) const {
  size_t copied = 0;
  check(napi_get_value_string_utf8(env_, argument(index), target, capacity, &copied), "argument is not a string");
}

napi_value Call::fail(const Failure& failure) const {
  check(napi_throw(env_, makeError(env_, failure)), "a failure cannot be thrown");
  return nullptr;
}

napi_value makeInteger(napi_env env, int64_t value) {
  napi_value result = nullptr;
  check(napi_create_int64(env, value, &result), "no integer");
  return result;
}

napi_value makeFlag(napi_env env, bool value) {
  napi_value result = nullptr;
  check(napi_get_boolean(env, value, &result), "no boolean");
  return result;
}

napi_value makeNull(napi_env env) {
  napi_value result = nullptr;
  check(napi_get_null(env, &result), "no null");
  return result;
}

napi_value makeText(napi_env env, const char* value, size_t size) {
  napi_value result = nullptr;
  check(napi_create_string_utf8(env, value, size, &result), "no string");
  return result;
}

napi_value makeBytes(napi_env env, const void* data, size_t size) {
  void* target = nullptr;
  napi_value buffer = nullptr;
  napi_value result = nullptr;
  check(napi_create_arraybuffer(env, size, &target, &buffer), "no array buffer");
  if (size != 0) {
    memcpy(target, data, size);
  }
  check(napi_create_typedarray(env, napi_uint8_array, size, buffer, 0, &result), "no typed array");
  return result;
}

napi_value makeIntegers(napi_env env, const int* values, size_t count) {
  napi_value result = nullptr;
  check(napi_create_array_with_length(env, count, &result), "no array");
  for (size_t index = 0; index < count; ++index) {
    check(napi_set_element(env, result, static_cast<uint32_t>(index), makeInteger(env, values[index])),
          "an array element cannot be set");
  }
  return result;
}

napi_value makeArray(napi_env env, const napi_value* elements, size_t count) {
  napi_value result = nullptr;
  check(napi_create_array_with_length(env, count, &result), "no array");
  for (size_t index = 0; index < count; ++index) {
    check(napi_set_element(env, result, static_cast<uint32_t>(index), elements[index]),
          "an array element cannot be set");
  }
  return result;
}

void append(napi_env env, napi_value array, napi_value element) {
  uint32_t length = 0;
  check(napi_get_array_length(env, array, &length), "not an array");
  check(napi_set_element(env, array, length, element), "an array element cannot be set");
}

napi_value makePair(napi_env env, napi_value first, napi_value second) {
  const napi_value elements[] = {first, second};
  return makeArray(env, elements, 2);
}

napi_value makeTriple(napi_env env, napi_value first, napi_value second, napi_value third) {
  const napi_value elements[] = {first, second, third};
  return makeArray(env, elements, 3);
}

napi_value makeErrnoName(napi_env env, int number) {
  const char* name = strerrorname_np(number);
  return makeText(env, name == nullptr ? "UNKNOWN" : name);
}

napi_value makeErrnoWords(napi_env env, int number) {
  const char* words = strerrordesc_np(number);
  return makeText(env, words == nullptr ? "unknown error" : words);
}

napi_value makeError(napi_env env, const Failure& failure) {
  napi_value arguments[] = {makeText(env, failure.syscall), makeErrnoName(env, failure.number),
                            makeInteger(env, failure.number), makeErrnoWords(env, failure.number)};
  napi_value result = nullptr;
  check(napi_new_instance(env, errorClass(env), 4, arguments, &result), "no error object");
  return result;
}

}  // namespace runts
