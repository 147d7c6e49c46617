// setTimeout and clearTimeout (html.spec.whatwg.org, "Timers").
#pragma once

#include <cstdint>

extern "C" {
#include <quickjs.h>
}

namespace interpreter {

void defineTimers(JSContext* context, JSValueConst global);

// Of the monotonic clock in nanoseconds; -1 where there is no timer.
int64_t nextTimer();

// Calls the function of the timer that is due first. Returns whether there was one; an exception is left in the context.
bool runDueTimer(JSContext* context);

}  // namespace interpreter
