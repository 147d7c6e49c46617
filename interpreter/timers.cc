#include "timers.h"

#include <cstdlib>

#include "clock.h"
#include "env.h"

namespace interpreter {
namespace {

struct Timer {
  Timer* next;
  uint32_t number;
  int64_t due;
  JSValue function;
};

// In the order in which they are due.
Timer* first = nullptr;
uint32_t lastNumber = 0;

JSValue setTimeout(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  int64_t milliseconds = 0;
  if (count > 1 && JS_ToInt64(context, &milliseconds, arguments[1]) < 0) {
    return JS_EXCEPTION;
  }
  if (count == 0 || !JS_IsFunction(context, arguments[0])) {
    return JS_ThrowTypeError(context, "a timer needs a function");
  }
  auto* timer = static_cast<Timer*>(malloc(sizeof(Timer)));
  if (timer == nullptr) {
    return JS_ThrowOutOfMemory(context);
  }
  // Longer ones are over at once in Node.js, which nobody wants either.
  constexpr int64_t kLongest = 0x7fffffff;
  milliseconds = milliseconds < 0 ? 0 : milliseconds > kLongest ? kLongest : milliseconds;
  *timer = {nullptr, ++lastNumber, monotonicTime() + milliseconds * 1000000, JS_DupValue(context, arguments[0])};
  Timer** at = &first;
  while (*at != nullptr && (*at)->due <= timer->due) {
    at = &(*at)->next;
  }
  timer->next = *at;
  *at = timer;
  return JS_NewUint32(context, timer->number);
}

void removeTimer(JSContext* context, Timer** at) {
  Timer* timer = *at;
  *at = timer->next;
  JS_FreeValue(context, timer->function);
  free(timer);
}

JSValue clearTimeout(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  uint32_t number = 0;
  if (count == 0 || !JS_IsNumber(arguments[0]) || JS_ToUint32(context, &number, arguments[0]) < 0) {
    return JS_UNDEFINED;
  }
  Timer** at = &first;
  while (*at != nullptr && (*at)->number != number) {
    at = &(*at)->next;
  }
  if (*at != nullptr) {
    removeTimer(context, at);
  }
  return JS_UNDEFINED;
}

}  // namespace

void defineTimers(JSContext* context, JSValueConst global) {
  JS_SetPropertyStr(context, global, "setTimeout", JS_NewCFunction(context, setTimeout, "setTimeout", 2));
  JS_SetPropertyStr(context, global, "clearTimeout", JS_NewCFunction(context, clearTimeout, "clearTimeout", 1));
}

int64_t nextTimer() { return first == nullptr ? -1 : first->due; }

bool runDueTimer(JSContext* context) {
  if (first == nullptr || first->due > monotonicTime()) {
    return false;
  }
  JSValue function = JS_DupValue(context, first->function);
  removeTimer(context, &first);
  JS_FreeValue(context, JS_Call(context, function, JS_UNDEFINED, 0, nullptr));
  JS_FreeValue(context, function);
  return true;
}

}  // namespace interpreter
