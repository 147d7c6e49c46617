// Node-API on QuickJS: functions that any thread may call ("Asynchronous thread-safe function calls"). The calls wait in
// a list, because QuickJS belongs to one thread. There is no descriptor for it: a caller's descriptors are passed on by
// their numbers.
#include "threads.h"

#include <cstdlib>

#include <pthread.h>
#include <time.h>

#include "env.h"

struct napi_threadsafe_function__ {
  napi_threadsafe_function next;
  napi_threadsafe_function_call_js run;
  void* context;
  napi_finalize finalize;
  void* finalizeData;
  // A call that waits, with what it was given: the addon's threads make one each.
  bool isCalled;
  void* data;
  size_t owners;
  bool isClosing;
};

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed;
// All that there are, guarded by the mutex.
napi_threadsafe_function first = nullptr;

class Locked {
 public:
  Locked() { interpreter::expect(pthread_mutex_lock(&mutex) == 0, "a lock cannot be taken"); }
  ~Locked() { pthread_mutex_unlock(&mutex); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
};

// Waiting with a time limit goes by the clock that nobody sets.
void prepareCondition() {
  static bool isPrepared = false;
  if (isPrepared) {
    return;
  }
  pthread_condattr_t attributes;
  interpreter::expect(pthread_condattr_init(&attributes) == 0 &&
                          pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                          pthread_cond_init(&changed, &attributes) == 0,
                      "threads cannot be waited for");
  pthread_condattr_destroy(&attributes);
  isPrepared = true;
}

bool hasEnded(napi_threadsafe_function function) {
  return function->isClosing || (function->owners == 0 && !function->isCalled);
}

bool isDue(napi_threadsafe_function function) { return function->isCalled || hasEnded(function); }

napi_threadsafe_function findDue() {
  napi_threadsafe_function at = first;
  while (at != nullptr && !isDue(at)) {
    at = at->next;
  }
  return at;
}

void unlink(napi_threadsafe_function function) {
  napi_threadsafe_function* at = &first;
  while (*at != function) {
    at = &(*at)->next;
  }
  *at = function->next;
}

}  // namespace

napi_status napi_create_threadsafe_function(napi_env, napi_value, napi_value, napi_value, size_t, size_t owners,
                                            void* finalizeData, napi_finalize finalize, void* context,
                                            napi_threadsafe_function_call_js run, napi_threadsafe_function* result) {
  auto* function = static_cast<napi_threadsafe_function>(calloc(1, sizeof(napi_threadsafe_function__)));
  if (function == nullptr || run == nullptr) {
    free(function);
    return napi_generic_failure;
  }
  prepareCondition();
  function->run = run;
  function->context = context;
  function->finalize = finalize;
  function->finalizeData = finalizeData;
  function->owners = owners;
  Locked locked;
  function->next = first;
  first = function;
  *result = function;
  return napi_ok;
}

napi_status napi_call_threadsafe_function(napi_threadsafe_function function, void* data,
                                          napi_threadsafe_function_call_mode) {
  Locked locked;
  if (function->isClosing) {
    return napi_closing;
  }
  if (function->isCalled) {
    return napi_queue_full;
  }
  function->isCalled = true;
  function->data = data;
  pthread_cond_signal(&changed);
  return napi_ok;
}

napi_status napi_release_threadsafe_function(napi_threadsafe_function function,
                                             napi_threadsafe_function_release_mode mode) {
  Locked locked;
  function->owners--;
  function->isClosing = function->isClosing || mode == napi_tsfn_abort;
  if (isDue(function)) {
    pthread_cond_signal(&changed);
  }
  return napi_ok;
}

namespace interpreter {

bool areThreadsAwaited() {
  Locked locked;
  return first != nullptr;
}

bool deliverFromThreads(napi_env env) {
  napi_threadsafe_function function = nullptr;
  bool isCalled = false;
  void* data = nullptr;
  {
    Locked locked;
    function = findDue();
    if (function == nullptr) {
      return false;
    }
    isCalled = function->isCalled && !function->isClosing;
    data = function->data;
    function->isCalled = false;
    if (!isCalled) {
      unlink(function);
    }
  }
  HandleScope scope(env->context, env->handles);
  if (isCalled) {
    function->run(env, nullptr, function->context, data);
    return true;
  }
  if (function->finalize != nullptr) {
    function->finalize(env, function->finalizeData, function->context);
  }
  free(function);
  return true;
}

void waitForThreads(int64_t until) {
  constexpr int64_t kSecond = 1000000000;
  prepareCondition();
  timespec limit = {static_cast<time_t>(until / kSecond), static_cast<long>(until % kSecond)};
  Locked locked;
  if (findDue() != nullptr) {
    return;
  }
  // Awake too early does no harm: the loop looks for itself.
  if (until < 0) {
    pthread_cond_wait(&changed, &mutex);
  } else {
    pthread_cond_timedwait(&changed, &mutex, &limit);
  }
}

}  // namespace interpreter
