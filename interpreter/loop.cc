#include "loop.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "text.h"
#include "threads.h"
#include "timers.h"

namespace interpreter {
namespace {

// Rejected, and not handled so far: those that stay so when all jobs are done end the process.
struct Rejection {
  Rejection* next;
  JSValue promise;
  JSValue reason;
};

Rejection* rejections = nullptr;

void freeRejection(JSContext* context, Rejection* rejection) {
  JS_FreeValue(context, rejection->promise);
  JS_FreeValue(context, rejection->reason);
  free(rejection);
}

void trackRejection(JSContext* context, JSValueConst promise, JSValueConst reason, JS_BOOL isHandled, void*) {
  if (!isHandled) {
    auto* rejection = static_cast<Rejection*>(malloc(sizeof(Rejection)));
    expect(rejection != nullptr, "out of memory");
    *rejection = {rejections, JS_DupValue(context, promise), JS_DupValue(context, reason)};
    rejections = rejection;
    return;
  }
  for (Rejection** at = &rejections; *at != nullptr; at = &(*at)->next) {
    if (JS_VALUE_GET_PTR((*at)->promise) == JS_VALUE_GET_PTR(promise)) {
      Rejection* handled = *at;
      *at = handled->next;
      freeRejection(context, handled);
      return;
    }
  }
}

void printLine(JSContext* context, JSValueConst value) {
  Utf8 text(context, value);
  if (text.isValid()) {
    fprintf(stderr, "%s\n", text.data());
  }
}

[[noreturn]] void endWith(JSContext* context, JSValueConst error) {
  fputs("runts: internal error: ", stderr);
  printLine(context, error);
  if (JS_IsError(context, error)) {
    JSValue stack = JS_GetPropertyStr(context, error, "stack");
    printLine(context, stack);
    JS_FreeValue(context, stack);
  }
  fflush(stderr);
  _exit(1);
}

}  // namespace

void watchRejections(JSRuntime* runtime) {
  JS_SetHostPromiseRejectionTracker(runtime, trackRejection, nullptr);
}

void endWithException(JSContext* context) { endWith(context, JS_GetException(context)); }

void runJobs(JSContext* context) {
  JSContext* ran = nullptr;
  int outcome = 0;
  while ((outcome = JS_ExecutePendingJob(JS_GetRuntime(context), &ran)) > 0) {
  }
  if (outcome < 0) {
    endWithException(ran);
  }
  if (rejections != nullptr) {
    endWith(context, rejections->reason);
  }
}

void runLoop(napi_env env) {
  JSContext* context = env->context;
  while (true) {
    runJobs(context);
    if (deliverFromThreads(env) || runDueTimer(context)) {
      if (JS_HasException(context)) {
        endWithException(context);
      }
      continue;
    }
    int64_t until = nextTimer();
    if (until < 0 && !areThreadsAwaited()) {
      return;
    }
    waitForThreads(until);
  }
}

}  // namespace interpreter
