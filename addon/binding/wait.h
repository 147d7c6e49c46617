#pragma once

#include <sys/wait.h>

#include "call.h"

namespace runts {

// P_PIDFD of waitid(2): glibc 2.36 names it in an enumeration, older ones don't.
constexpr auto kPidfd = static_cast<idtype_t>(3);

// Waits for the end of a child: its exit code, or the signal as a negative number.
Failure reap(int pidfd, int* status);

napi_value pidfdOpen(const Call& call);
napi_value pidfdSendSignal(const Call& call);
napi_value waitExit(const Call& call);
napi_value waitExitAsync(const Call& call);
napi_value pollExit(const Call& call);
napi_value pollExitAsync(const Call& call);
napi_value setSubreaper(const Call& call);

}  // namespace runts
