#pragma once

#include <cstdint>

#include <time.h>

namespace interpreter {

constexpr int64_t inNanoseconds(const timespec& time) { return time.tv_sec * int64_t{1000000000} + time.tv_nsec; }

// clock_gettime(2) in nanoseconds; both clocks are always there.
inline int64_t timeOf(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return inNanoseconds(time);
}

inline int64_t monotonicTime() { return timeOf(CLOCK_MONOTONIC); }

}  // namespace interpreter
