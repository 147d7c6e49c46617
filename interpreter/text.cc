#include "text.h"

#include <cstdlib>
#include <cstring>

#include "env.h"

namespace interpreter {
namespace {

constexpr char kReplacement[] = "\xef\xbf\xbd";
constexpr size_t kReplacementSize = 3;

struct Character {
  size_t size;
  bool isWellFormed;
};

// The character at the begin, or the longest part of one that a single U+FFFD stands for (Unicode 15, table 3-7, and
// "Substitution of Maximal Subparts").
Character characterAt(const uint8_t* data, size_t size) {
  uint8_t first = data[0];
  if (first < 0x80) {
    return {1, true};
  }
  if (first < 0xc2 || first > 0xf4) {
    return {1, false};
  }
  size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  for (size_t at = 1; at < length; ++at) {
    if (at == size || data[at] < least || data[at] > most) {
      return {at, false};
    }
    least = 0x80;
    most = 0xbf;
  }
  return {length, true};
}

// QuickJS writes half of a surrogate pair as three bytes of which the second is above 9F, which no other character
// that begins with ED has.
char* loneSurrogate(char* data, size_t size) {
  char* end = data + size;
  for (char* at = data; (at = static_cast<char*>(memchr(at, '\xed', static_cast<size_t>(end - at)))) != nullptr; ++at) {
    if (static_cast<uint8_t>(at[1]) > 0x9f) {
      return at;
    }
  }
  return nullptr;
}

JSValue newRepairedText(JSContext* context, const uint8_t* data, size_t size) {
  // No malformed part is shorter than a byte, and each becomes three.
  auto* repaired = static_cast<char*>(malloc(size * kReplacementSize));
  if (repaired == nullptr) {
    return JS_ThrowOutOfMemory(context);
  }
  size_t length = 0;
  for (size_t at = 0; at < size;) {
    Character character = characterAt(data + at, size - at);
    if (character.isWellFormed) {
      memcpy(repaired + length, data + at, character.size);
      length += character.size;
    } else {
      memcpy(repaired + length, kReplacement, kReplacementSize);
      length += kReplacementSize;
    }
    at += character.size;
  }
  JSValue text = JS_NewStringLen(context, repaired, length);
  free(repaired);
  return text;
}

}  // namespace

Utf8::Utf8(JSContext* context, JSValueConst value)
    : context_(context), data_(JS_ToCStringLen(context, &size_, value)) {
  if (data_ == nullptr || loneSurrogate(const_cast<char*>(data_), size_) == nullptr) {
    return;
  }
  copy_ = static_cast<char*>(malloc(size_ + 1));
  expect(copy_ != nullptr, "out of memory");
  memcpy(copy_, data_, size_ + 1);
  for (char* at = copy_; (at = loneSurrogate(at, size_ - static_cast<size_t>(at - copy_))) != nullptr;) {
    memcpy(at, kReplacement, kReplacementSize);
  }
}

Utf8::~Utf8() {
  free(copy_);
  if (data_ != nullptr) {
    JS_FreeCString(context_, data_);
  }
}

size_t Utf8::wholeWithin(size_t limit) const {
  if (size_ <= limit) {
    return size_;
  }
  size_t whole = limit;
  // Back to the begin of the character that does not fit.
  while (whole > 0 && (static_cast<uint8_t>(data()[whole]) & 0xc0) == 0x80) {
    --whole;
  }
  return whole;
}

size_t wellFormed(const uint8_t* data, size_t size) {
  size_t at = 0;
  while (at < size) {
    // Most of what a runtime reads is ASCII.
    uint64_t eight = 0;
    while (at + sizeof eight <= size) {
      memcpy(&eight, data + at, sizeof eight);
      if ((eight & 0x8080808080808080) != 0) {
        break;
      }
      at += sizeof eight;
    }
    if (at == size) {
      break;
    }
    Character character = characterAt(data + at, size - at);
    if (!character.isWellFormed) {
      return at;
    }
    at += character.size;
  }
  return at;
}

JSValue newText(JSContext* context, const char* data, size_t size) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(data);
  return wellFormed(bytes, size) == size ? JS_NewStringLen(context, data, size)
                                         : newRepairedText(context, bytes, size);
}

}  // namespace interpreter
