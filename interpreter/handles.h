// The values that C++ holds while it is called from JavaScript (Node-API, "Object lifetime management").
#pragma once

#include <cstddef>

extern "C" {
#include <quickjs.h>
}

// A stack of values that never move, in blocks.
class Handles {
 public:
  // Owns `value` from now on.
  JSValue* add(JSContext* context, JSValue value);

 private:
  friend class HandleScope;
  static constexpr size_t kBlockSize = 128;
  struct Block {
    Block* previous;
    Block* next;
    size_t count;
    JSValue values[kBlockSize];
  };

  void freeDownTo(JSContext* context, Block* block, size_t count);

  // Null in memory of zeros, of which an environment is made.
  Block* top_;
};

// Frees what has been added during its life.
class HandleScope {
 public:
  HandleScope(JSContext* context, Handles& handles);
  ~HandleScope();
  HandleScope(const HandleScope&) = delete;
  HandleScope& operator=(const HandleScope&) = delete;

 private:
  JSContext* context_;
  Handles& handles_;
  Handles::Block* block_;
  size_t count_;
};
