// The program: QuickJS, the addon, and the modules of src/ as bytecode, linked into one static file.
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "encoding.h"
#include "env.h"
#include "loop.h"
#include "memory.h"
#include "modules.h"
#include "process.h"
#include "timers.h"

namespace interpreter {
namespace {

// Most calls are over before so much has been allocated that collecting cycles would pay; `events` may run for days.
constexpr size_t kCollectionThreshold = 16 << 20;

constexpr size_t kMostStack = 6 << 20;

// What is opened next must not become a standard stream that the caller has closed.
void openStandardStreams() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    // The lowest that is free is this one.
    expect(fcntl(descriptor, F_GETFD) >= 0 || open("/dev/null", O_RDWR) == descriptor,
           "a standard stream is closed and /dev/null cannot be opened");
  }
}

// In bytes: three quarters of what the main thread has, the rest is for C++.
size_t stackSize() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_STACK, &limit) < 0 || limit.rlim_cur > kMostStack / 3 * 4) {
    return kMostStack;
  }
  return limit.rlim_cur / 4 * 3;
}

int runProgram(const Arguments& arguments) {
  openStandardStreams();
  // Whoever writes hears of it by EPIPE.
  signal(SIGPIPE, SIG_IGN);
  JSRuntime* runtime = JS_NewRuntime2(&kMemoryFunctions, nullptr);
  expect(runtime != nullptr, "out of memory");
  JS_SetMaxStackSize(runtime, stackSize());
  JS_SetGCThreshold(runtime, kCollectionThreshold);
  JSContext* context = JS_NewContext(runtime);
  expect(context != nullptr, "out of memory");

  static napi_env__ env;
  env.context = context;
  JS_SetContextOpaque(context, &env);
  JSValue global = JS_GetGlobalObject(context);
  defineProcess(context, global, arguments);
  defineEncoding(context, global);
  defineTimers(context, global);
  JS_FreeValue(context, global);

  offerModules(runtime);
  JSValue done = startMainModule(context);
  if (JS_IsException(done)) {
    endWithException(context);
  }
  runLoop(&env);
  // The main module ends the process itself (src/main.ts).
  fputs("runts: internal error: there is nothing left to wait for\n", stderr);
  return 1;
}

}  // namespace
}  // namespace interpreter

int main(int count, char** values) { return interpreter::runProgram({count, values}); }
