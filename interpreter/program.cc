// The program: QuickJS, the addon, and the modules of src/ as bytecode, linked into one static file.
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <unistd.h>

#include "encoding.h"
#include "env.h"
#include "json.h"
#include "loop.h"
#include "memory.h"
#include "modules.h"
#include "process.h"
#include "snapshot.h"
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

// In bytes. Arguments and environment lie on the stack as well, the name of the program above them all, and may take a
// quarter of it, or more where it is small (execve(2)).
size_t usedStack() {
  const auto* name = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  const auto* here = static_cast<const char*>(__builtin_frame_address(0));
  return name == nullptr || name < here ? 0 : static_cast<size_t>(name - here) + strlen(name);
}

// In bytes: three quarters of what the main thread has left, the rest is for C++.
size_t stackSize() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_STACK, &limit) < 0) {
    return kMostStack;
  }
  size_t used = usedStack();
  size_t left = limit.rlim_cur > used ? limit.rlim_cur - used : 0;
  return left > kMostStack / 3 * 4 ? kMostStack : left / 4 * 3;
}

// Bytes of addresses, of which a snapshot has to have all that it is written from.
constexpr size_t kRoom = 64 << 20;

// Its state would be that of the snapshot, and its numbers the same in every process.
void removeRandom(JSContext* context, JSValueConst global) {
  JSValue math = JS_GetPropertyStr(context, global, "Math");
  JSAtom name = JS_NewAtom(context, "random");
  expect(JS_DeleteProperty(context, math, name, 0) == 1, "Math.random cannot be removed");
  JS_FreeAtom(context, name);
  JS_FreeValue(context, math);
}

void makeInterpreter(void* address) {
  makeRegion(address, kRoom);
  JSRuntime* runtime = JS_NewRuntime2(&kMemoryFunctions, nullptr);
  expect(runtime != nullptr, "out of memory");
  JS_SetGCThreshold(runtime, kCollectionThreshold);
  JSContext* context = JS_NewContext(runtime);
  expect(context != nullptr, "out of memory");
  auto* env = static_cast<napi_env>(js_mallocz(context, sizeof(napi_env__)));
  expect(env != nullptr, "out of memory");
  env->context = context;
  JS_SetContextOpaque(context, env);
  watchRejections(runtime);
  offerModules(runtime);
  JSValue global = JS_GetGlobalObject(context);
  defineProcess(context, global);
  defineEncoding(context, global);
  defineTimers(context, global);
  makeJsonStrict(context, global);
  removeRandom(context, global);
  JS_FreeValue(context, global);
  region()->runtime = runtime;
  region()->context = context;
  region()->env = env;
  region()->main = JS_UNDEFINED;
}

JSValue orEnd(JSContext* context, JSValue value) {
  if (JS_IsException(value)) {
    endWithException(context);
  }
  return value;
}

// runts --write-region FILE [elsewhere], of a program that has no snapshot yet: the region at its own address, or at any
// other one.
int prepareSnapshot(const char* file) {
  JSContext* context = region()->context;
  JSValue done = orEnd(context, JS_EvalFunction(context, orEnd(context, readModule(context, "preload.js"))));
  runJobs(context);
  expect(JS_PromiseState(context, done) == JS_PROMISE_FULFILLED, "src/preload.ts waits for something");
  JS_FreeValue(context, done);
  region()->main = orEnd(context, readMainModule(context));
  JS_RunGC(region()->runtime);
  // It would be an address of this process's stack.
  JS_SetMaxStackSize(region()->runtime, 0);
  return writeRegion(file);
}

int runProgram(const Arguments& arguments) {
  openStandardStreams();
  // Whoever writes hears of it by EPIPE.
  signal(SIGPIPE, SIG_IGN);
  if (!restoreSnapshot()) {
    bool isWritten = arguments.count >= 3 && strcmp(arguments.values[1], "--write-region") == 0;
    makeInterpreter(isWritten && arguments.count == 3 ? reinterpret_cast<void*>(kRegionAddress) : nullptr);
    if (isWritten) {
      return prepareSnapshot(arguments.values[2]);
    }
    region()->main = orEnd(region()->context, readMainModule(region()->context));
  }
  JSRuntime* runtime = region()->runtime;
  JSContext* context = region()->context;
  JS_UpdateStackTop(runtime);
  JS_SetMaxStackSize(runtime, stackSize());
  JSValue global = JS_GetGlobalObject(context);
  describeProcess(context, global, arguments);
  JS_FreeValue(context, global);
  orEnd(context, JS_EvalFunction(context, region()->main));
  runLoop(region()->env);
  // The main module ends the process itself (src/main.ts).
  fputs("runts: internal error: there is nothing left to wait for\n", stderr);
  return 1;
}

}  // namespace
}  // namespace interpreter

int main(int count, char** values) { return interpreter::runProgram({count, values}); }
