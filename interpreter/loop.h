// The event loop: what JavaScript has put off, timers, and what threads have to say.
#pragma once

#include "env.h"

namespace interpreter {

// To be called before anything else.
void watchRejections(JSRuntime* runtime);

// Runs until nothing is left that could happen. An exception that nobody catches, and a promise that is rejected and
// that nobody handles, ends the process with code 1 and its text on standard error.
void runLoop(napi_env env);

// Runs what has been put off so far, and no more.
void runJobs(JSContext* context);

// Ends the process with the exception that is pending in the context.
[[noreturn]] void endWithException(JSContext* context);

}  // namespace interpreter
