// One call from JavaScript: reading its arguments, making its result, throwing its failure.
//
// The TypeScript front has validated everything before it comes here, so a wrong argument is a bug of the runtime:
// it ends the process instead of being reported.
#pragma once

#include <cstddef>
#include <cstdint>

#define NAPI_VERSION 8
#include <node_api.h>

namespace runts {

// A system call that failed. A zero `number` means that nothing has failed.
struct Failure {
  const char* syscall = nullptr;
  int number = 0;

  explicit operator bool() const { return number != 0; }
};

// Bytes of a JavaScript typed array: valid for the length of the call, owned by JavaScript.
struct Bytes {
  uint8_t* data = nullptr;
  size_t size = 0;
};

// Ends the process with `what` unless `condition` holds.
void expect(bool condition, const char* what);

class Call {
 public:
  Call(napi_env env, napi_callback_info info);

  int32_t integer(size_t index) const;
  uint32_t natural(size_t index) const;
  bool flag(size_t index) const;
  // Any typed array, as its bytes.
  Bytes bytes(size_t index) const;
  // Copies a string for the kernel with its final NUL; fails with ENAMETOOLONG where it doesn't fit, and with EINVAL
  // where it has a NUL byte, at which C would silently end it.
  Failure text(size_t index, char* target, size_t capacity) const;
  bool isText(size_t index) const;
  // In bytes of UTF-8.
  size_t textSize(size_t index) const;
  // Copies a string of at most `capacity` - 1 bytes and a final NUL.
  void copyText(size_t index, char* target, size_t capacity) const;

  napi_env env() const { return env_; }
  napi_value nothing() const { return nullptr; }
  // Throws a SyscallError in JavaScript.
  napi_value fail(const Failure& failure) const;

 private:
  static constexpr size_t kMaximumArguments = 8;

  napi_value argument(size_t index) const;

  napi_env env_;
  size_t count_ = kMaximumArguments;
  napi_value arguments_[kMaximumArguments];
};

napi_value makeInteger(napi_env env, int64_t value);
napi_value makeFlag(napi_env env, bool value);
napi_value makeNull(napi_env env);
napi_value makeText(napi_env env, const char* value, size_t size = NAPI_AUTO_LENGTH);
// A new Uint8Array that holds a copy.
napi_value makeBytes(napi_env env, const void* data, size_t size);
napi_value makeIntegers(napi_env env, const int* values, size_t count);
napi_value makeArray(napi_env env, const napi_value* elements, size_t count);
void append(napi_env env, napi_value array, napi_value element);
napi_value makePair(napi_env env, napi_value first, napi_value second);
napi_value makeTriple(napi_env env, napi_value first, napi_value second, napi_value third);
// "ENOENT"
napi_value makeErrnoName(napi_env env, int number);
// "No such file or directory"
napi_value makeErrnoWords(napi_env env, int number);
// A new SyscallError, not thrown.
napi_value makeError(napi_env env, const Failure& failure);

using Body = napi_value (*)(const Call&);

// What the addon offers under `name`.
struct Function {
  const char* name;
  napi_callback entry;
};

template <Body body>
napi_value entry(napi_env env, napi_callback_info info) {
  return body(Call(env, info));
}

}  // namespace runts
