#include "json.h"

#include <cstring>

#include "text.h"

namespace interpreter {
namespace {

// More than anybody nests; each level takes some of the stack, here and in QuickJS.
constexpr int kMostLevels = 1000;

// Reads a text by the grammar of RFC 8259. Every function leaves `at_` behind what it has read and returns whether that
// was there. At the end of the text stands a NUL, which no rule takes.
class Reader {
 public:
  Reader(const char* text, size_t size) : at_(text), end_(text + size) {}

  bool isJson() {
    skipSpace();
    return value(0) && at_ == end_;
  }

 private:
  bool value(int level) {
    bool isThere = false;
    switch (*at_) {
      case '{':
        isThere = level < kMostLevels && object(level + 1);
        break;
      case '[':
        isThere = level < kMostLevels && array(level + 1);
        break;
      case '"':
        isThere = string();
        break;
      case 't':
        isThere = word("true");
        break;
      case 'f':
        isThere = word("false");
        break;
      case 'n':
        isThere = word("null");
        break;
      default:
        isThere = number();
    }
    skipSpace();
    return isThere;
  }

  bool object(int level) {
    next();
    if (take('}')) {
      return true;
    }
    do {
      skipSpace();
      if (*at_ != '"' || !string()) {
        return false;
      }
      skipSpace();
      if (!take(':')) {
        return false;
      }
      skipSpace();
      if (!value(level)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  bool array(int level) {
    next();
    if (take(']')) {
      return true;
    }
    do {
      skipSpace();
      if (!value(level)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  bool string() {
    for (++at_; *at_ != '"'; ++at_) {
      if (static_cast<unsigned char>(*at_) < 0x20) {
        return false;
      }
      if (*at_ == '\\' && !escape()) {
        return false;
      }
    }
    ++at_;
    return true;
  }

  // Leaves `at_` at its last character.
  bool escape() {
    ++at_;
    if (*at_ != 'u') {
      return *at_ != '\0' && strchr("\"\\/bfnrt", *at_) != nullptr;
    }
    for (int digit = 0; digit < 4; ++digit) {
      ++at_;
      if (!isDigit(*at_) && !(*at_ >= 'a' && *at_ <= 'f') && !(*at_ >= 'A' && *at_ <= 'F')) {
        return false;
      }
    }
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) {
      return false;
    }
    if (take('.') && !digits()) {
      return false;
    }
    if (!take('e') && !take('E')) {
      return true;
    }
    if (!take('+')) {
      take('-');
    }
    return digits();
  }

  bool digits() {
    const char* begin = at_;
    while (isDigit(*at_)) {
      ++at_;
    }
    return at_ != begin;
  }

  bool word(const char* expected) {
    size_t size = strlen(expected);
    if (strncmp(at_, expected, size) != 0) {
      return false;
    }
    at_ += size;
    return true;
  }

  bool take(char expected) {
    if (*at_ != expected) {
      return false;
    }
    ++at_;
    return true;
  }

  void next() {
    ++at_;
    skipSpace();
  }

  void skipSpace() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t') {
      ++at_;
    }
  }

  static bool isDigit(char character) { return character >= '0' && character <= '9'; }

  const char* at_;
  const char* end_;
};

JSValue parse(JSContext* context, JSValueConst receiver, int count, JSValueConst* arguments, int, JSValue* original) {
  Utf8 text(context, count > 0 ? arguments[0] : JS_UNDEFINED);
  if (!text.isValid()) {
    return JS_EXCEPTION;
  }
  if (!Reader(text.data(), text.size()).isJson()) {
    return JS_ThrowSyntaxError(context, "the text is no JSON");
  }
  return JS_Call(context, original[0], receiver, count, arguments);
}

}  // namespace

void makeJsonStrict(JSContext* context, JSValueConst global) {
  JSValue json = JS_GetPropertyStr(context, global, "JSON");
  JSValue original = JS_GetPropertyStr(context, json, "parse");
  JS_SetPropertyStr(context, json, "parse", JS_NewCFunctionData(context, parse, 2, 0, 1, &original));
  JS_FreeValue(context, original);
  JS_FreeValue(context, json);
}

}  // namespace interpreter
