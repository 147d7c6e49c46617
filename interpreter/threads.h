// What other threads have to say to the one that runs JavaScript.
#pragma once

#include <cstdint>

#include <node_api.h>

namespace interpreter {

// Whether a thread may still say something.
bool areThreadsAwaited();

// Runs what threads have asked for since the last time. Returns whether there was anything.
bool deliverFromThreads(napi_env env);

// Until there is something to deliver, or the time has come: of the monotonic clock in nanoseconds, -1 for never.
void waitForThreads(int64_t until);

}  // namespace interpreter
