// UTF-8 between JavaScript and everything else (encoding.spec.whatwg.org): what is malformed becomes U+FFFD.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
#include <quickjs.h>
}

namespace interpreter {

// The UTF-8 of a JavaScript string, for as long as the object lives.
class Utf8 {
 public:
  // Throws in JavaScript, and `isValid` is false, where `value` has no text.
  Utf8(JSContext* context, JSValueConst value);
  ~Utf8();
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;

  bool isValid() const { return data_ != nullptr; }
  const char* data() const { return copy_ != nullptr ? copy_ : data_; }
  size_t size() const { return size_; }
  // How many of at most `limit` bytes end with a whole character.
  size_t wholeWithin(size_t limit) const;

 private:
  JSContext* context_;
  // Before what sets it.
  size_t size_ = 0;
  const char* data_;
  char* copy_ = nullptr;
};

// How many bytes at the begin are well-formed UTF-8: `size` where all are.
size_t wellFormed(const uint8_t* data, size_t size);

// A new string, or the exception that there is no memory for it.
JSValue newText(JSContext* context, const char* data, size_t size);

}  // namespace interpreter
