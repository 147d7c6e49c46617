// Reads a plan: checks every bound, insists that each record is consumed whole, and allocates nothing (strings
// and lists stay where they are in the sealed memory file). The wire form is described in src/plan/encode.ts.
#pragma once
#include "sys.h"

struct Text {
  const char* data = "";
  uint32_t size = 0;
  [[nodiscard]] bool empty() const { return size == 0; }
};

struct Bytes {
  const unsigned char* data = nullptr;
  uint32_t size = 0;
};

struct Numbers {
  const unsigned char* data = nullptr;
  uint32_t count = 0;
  [[nodiscard]] uint32_t at(uint32_t index) const {
    uint32_t value;
    memcpy(&value, data + size_t{index} * 4, 4);
    return value;
  }
};

// A list of texts, walked in order: for (Text text : texts).
struct Texts {
  const unsigned char* data = nullptr;
  uint32_t count = 0;

  struct Iterator {
    const unsigned char* at;
    uint32_t left;
    Text operator*() const {
      Text text;
      memcpy(&text.size, at, 4);
      text.data = reinterpret_cast<const char*>(at + 4);
      return text;
    }
    Iterator& operator++() {
      uint32_t size;
      memcpy(&size, at, 4);
      at += 4 + ((size_t{size} + 4) & ~size_t{3});
      left--;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return left != other.left; }
  };
  [[nodiscard]] Iterator begin() const { return {data, count}; }
  [[nodiscard]] Iterator end() const { return {nullptr, 0}; }
};

class Reader {
 public:
  Reader(const unsigned char* data, size_t size) : at_(data), end_(data + size) {}

  [[nodiscard]] bool read(uint32_t& value) { return raw(&value, 4); }
  [[nodiscard]] bool read(int32_t& value) { return raw(&value, 4); }
  [[nodiscard]] bool read(uint64_t& value) { return raw(&value, 8); }
  [[nodiscard]] bool read(bool& value) {
    uint32_t number;
    if (!raw(&number, 4) || number > 1) return false;
    value = number == 1;
    return true;
  }
  [[nodiscard]] bool read(Bytes& value) {
    uint32_t size;
    if (!raw(&size, 4)) return false;
    const size_t padded = (size_t{size} + 4) & ~size_t{3};
    if (left() < padded) return false;
    for (size_t i = size; i < padded; i++) {
      if (at_[i] != 0) return false;
    }
    value = {at_, size};
    at_ += padded;
    return true;
  }
  [[nodiscard]] bool read(Text& value) {
    Bytes bytes;
    if (!read(bytes)) return false;
    for (uint32_t i = 0; i < bytes.size; i++) {
      if (bytes.data[i] == 0) return false;
    }
    value = {reinterpret_cast<const char*>(bytes.data), bytes.size};
    return true;
  }
  [[nodiscard]] bool read(Texts& value) {
    uint32_t count;
    if (!raw(&count, 4)) return false;
    value = {at_, count};
    for (uint32_t i = 0; i < count; i++) {
      Text text;
      if (!read(text)) return false;
    }
    return true;
  }
  [[nodiscard]] bool read(Numbers& value) {
    uint32_t count;
    if (!raw(&count, 4) || left() / 4 < count) return false;
    value = {at_, count};
    at_ += size_t{count} * 4;
    return true;
  }
  [[nodiscard]] bool take(uint32_t size, Reader& part) {
    if (left() < size || size % 4 != 0) return false;
    part = Reader(at_, size);
    at_ += size;
    return true;
  }
  [[nodiscard]] bool finished() const { return at_ == end_; }

 private:
  [[nodiscard]] size_t left() const { return static_cast<size_t>(end_ - at_); }
  [[nodiscard]] bool raw(void* value, size_t size) {
    if (left() < size) return false;
    memcpy(value, at_, size);
    at_ += size;
    return true;
  }

  const unsigned char* at_;
  const unsigned char* end_;
};
