#include "handles.h"

#include "env.h"

JSValue* Handles::add(JSContext* context, JSValue value) {
  if (top_ == nullptr || top_->count == kBlockSize) {
    Block* next = top_ == nullptr ? nullptr : top_->next;
    if (next == nullptr) {
      next = static_cast<Block*>(js_malloc_rt(JS_GetRuntime(context), sizeof(Block)));
      interpreter::expect(next != nullptr, "out of memory");
      next->previous = top_;
      next->next = nullptr;
      next->count = 0;
      if (top_ != nullptr) {
        top_->next = next;
      }
    }
    top_ = next;
  }
  JSValue* place = &top_->values[top_->count++];
  *place = value;
  return place;
}

// Blocks stay for the next scope.
void Handles::freeDownTo(JSContext* context, Block* block, size_t count) {
  while (top_ != nullptr) {
    size_t least = top_ == block ? count : 0;
    while (top_->count > least) {
      JS_FreeValue(context, top_->values[--top_->count]);
    }
    if (top_ == block || top_->previous == nullptr) {
      return;
    }
    top_ = top_->previous;
  }
}

HandleScope::HandleScope(JSContext* context, Handles& handles)
    : context_(context),
      handles_(handles),
      block_(handles.top_),
      count_(handles.top_ == nullptr ? 0 : handles.top_->count) {}

HandleScope::~HandleScope() { handles_.freeDownTo(context_, block_, count_); }
