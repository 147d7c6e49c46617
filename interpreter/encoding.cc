#include "encoding.h"

#include <cstring>

#include "text.h"

namespace interpreter {
namespace {

constexpr char kByteOrderMark[] = "\xef\xbb\xbf";
constexpr size_t kByteOrderMarkSize = 3;

struct Span {
  uint8_t* data = nullptr;
  size_t size = 0;
};

// Throws in JavaScript, and gives no data, where `value` is no typed array.
Span bytesOf(JSContext* context, JSValueConst value) {
  size_t start = 0;
  size_t size = 0;
  JSValue buffer = JS_GetTypedArrayBuffer(context, value, &start, &size, nullptr);
  if (JS_IsException(buffer)) {
    return {};
  }
  size_t whole = 0;
  uint8_t* data = JS_GetArrayBuffer(context, &whole, buffer);
  // The array holds it, too.
  JS_FreeValue(context, buffer);
  if (data == nullptr) {
    return {};
  }
  return {data + start, size};
}

JSValue argument(int count, JSValueConst* arguments, int index) {
  return index < count ? arguments[index] : JS_UNDEFINED;
}

// TextEncoder.prototype.encode
JSValue encode(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  JSValue buffer = JS_UNDEFINED;
  if (JS_IsUndefined(argument(count, arguments, 0))) {
    buffer = JS_NewArrayBufferCopy(context, nullptr, 0);
  } else {
    Utf8 text(context, arguments[0]);
    if (!text.isValid()) {
      return JS_EXCEPTION;
    }
    buffer = JS_NewArrayBufferCopy(context, reinterpret_cast<const uint8_t*>(text.data()), text.size());
  }
  if (JS_IsException(buffer)) {
    return buffer;
  }
  // It reads three, whatever their number: buffer, offset, length.
  JSValue all[] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue array = JS_NewTypedArray(context, 3, all, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(context, buffer);
  return array;
}

// How many UTF-16 code units well-formed UTF-8 stands for.
int64_t unitsIn(const char* data, size_t size) {
  int64_t units = 0;
  for (size_t at = 0; at < size; ++at) {
    auto byte = static_cast<uint8_t>(data[at]);
    units += (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

// TextEncoder.prototype.encodeInto
JSValue encodeInto(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  Span target = bytesOf(context, argument(count, arguments, 1));
  if (target.data == nullptr) {
    return JS_EXCEPTION;
  }
  Utf8 text(context, argument(count, arguments, 0));
  if (!text.isValid()) {
    return JS_EXCEPTION;
  }
  size_t written = text.wholeWithin(target.size);
  memcpy(target.data, text.data(), written);
  JSValue result = JS_NewObject(context);
  if (!JS_IsException(result)) {
    JS_SetPropertyStr(context, result, "read", JS_NewInt64(context, unitsIn(text.data(), written)));
    JS_SetPropertyStr(context, result, "written", JS_NewInt64(context, static_cast<int64_t>(written)));
  }
  return result;
}

// new TextEncoder()
JSValue newEncoder(JSContext* context, JSValueConst newTarget, int, JSValueConst*) {
  JSValue prototype = JS_GetPropertyStr(context, newTarget, "prototype");
  JSValue encoder = JS_NewObjectProto(context, prototype);
  JS_FreeValue(context, prototype);
  return encoder;
}

bool readOption(JSContext* context, JSValueConst options, const char* name) {
  if (!JS_IsObject(options)) {
    return false;
  }
  JSValue value = JS_GetPropertyStr(context, options, name);
  bool isSet = JS_ToBool(context, value) == 1;
  JS_FreeValue(context, value);
  return isSet;
}

constexpr const char* kDecoderOptions[] = {"fatal", "ignoreBOM"};

// new TextDecoder('utf-8', { fatal, ignoreBOM })
JSValue newDecoder(JSContext* context, JSValueConst newTarget, int count, JSValueConst* arguments) {
  JSValueConst label = argument(count, arguments, 0);
  if (!JS_IsUndefined(label)) {
    Utf8 name(context, label);
    if (!name.isValid()) {
      return JS_EXCEPTION;
    }
    if (strcasecmp(name.data(), "utf-8") != 0 && strcasecmp(name.data(), "utf8") != 0) {
      return JS_ThrowRangeError(context, "only UTF-8 can be decoded");
    }
  }
  JSValue decoder = newEncoder(context, newTarget, count, arguments);
  if (JS_IsException(decoder)) {
    return decoder;
  }
  JSValueConst options = argument(count, arguments, 1);
  for (const char* name : kDecoderOptions) {
    JS_DefinePropertyValueStr(context, decoder, name, JS_NewBool(context, readOption(context, options, name)), 0);
  }
  return decoder;
}

// TextDecoder.prototype.decode
JSValue decode(JSContext* context, JSValueConst decoder, int count, JSValueConst* arguments) {
  if (JS_IsUndefined(argument(count, arguments, 0))) {
    return JS_NewStringLen(context, "", 0);
  }
  Span bytes = bytesOf(context, arguments[0]);
  if (bytes.data == nullptr) {
    return JS_EXCEPTION;
  }
  if (readOption(context, decoder, "fatal") && wellFormed(bytes.data, bytes.size) != bytes.size) {
    return JS_ThrowTypeError(context, "the text is not well-formed UTF-8");
  }
  if (bytes.size >= kByteOrderMarkSize && memcmp(bytes.data, kByteOrderMark, kByteOrderMarkSize) == 0 &&
      !readOption(context, decoder, "ignoreBOM")) {
    bytes = {bytes.data + kByteOrderMarkSize, bytes.size - kByteOrderMarkSize};
  }
  return newText(context, reinterpret_cast<const char*>(bytes.data), bytes.size);
}

struct Method {
  const char* name;
  JSCFunction* call;
  int length;
};

template <size_t count>
void defineClass(JSContext* context, JSValueConst global, const char* name, JSCFunction* construct,
                 const Method (&methods)[count]) {
  JSValue prototype = JS_NewObject(context);
  for (const Method& method : methods) {
    JS_SetPropertyStr(context, prototype, method.name,
                      JS_NewCFunction(context, method.call, method.name, method.length));
  }
  JSValue constructor = JS_NewCFunction2(context, construct, name, 0, JS_CFUNC_constructor, 0);
  JS_SetConstructor(context, constructor, prototype);
  JS_FreeValue(context, prototype);
  JS_SetPropertyStr(context, global, name, constructor);
}

}  // namespace

void defineEncoding(JSContext* context, JSValueConst global) {
  defineClass(context, global, "TextEncoder", newEncoder, {{"encode", encode, 1}, {"encodeInto", encodeInto, 2}});
  defineClass(context, global, "TextDecoder", newDecoder, {{"decode", decode, 1}});
}

}  // namespace interpreter
