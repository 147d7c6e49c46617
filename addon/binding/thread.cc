#include "thread.h"

#include <signal.h>

namespace runts {
namespace {

constexpr size_t kStackSize = 256 * 1024;

struct Running {
  // The thread and the interpreter: whichever is done last frees it. An environment that is torn down (a worker thread,
  // the end of the process) doesn't wait for the thread.
  int owners;
  // After its end an environment has freed `settled`, without waiting for us (ThreadSafeFunction, node_api.cc).
  pthread_mutex_t mutex;
  bool finished;
  napi_threadsafe_function settled;
  napi_deferred deferred;
  Job::Run run;
  Job::Settle settle;
  void* state;
  Failure failure;
};

void disown(Running* running) {
  if (__atomic_sub_fetch(&running->owners, 1, __ATOMIC_ACQ_REL) == 0) {
    free(running->state);
    free(running);
  }
}

void* threadMain(void* data) {
  auto* running = static_cast<Running*>(data);
  running->failure = running->run(running->state);
  pthread_mutex_lock(&running->mutex);
  // Refused (napi_closing) while the environment ends, when nobody waits for the promise any more.
  if (!running->finished &&
      napi_call_threadsafe_function(running->settled, nullptr, napi_tsfn_nonblocking) == napi_ok) {
    napi_release_threadsafe_function(running->settled, napi_tsfn_release);
  }
  pthread_mutex_unlock(&running->mutex);
  disown(running);
  return nullptr;
}

void settle(napi_env env, napi_value, void* context, void*) {
  auto* running = static_cast<Running*>(context);
  if (env == nullptr) {
    return;
  }
  if (running->failure) {
    napi_reject_deferred(env, running->deferred, makeError(env, running->failure));
    return;
  }
  napi_resolve_deferred(env, running->deferred, running->settle(env, running->state));
}

void finish(napi_env, void*, void* context) {
  auto* running = static_cast<Running*>(context);
  pthread_mutex_lock(&running->mutex);
  running->finished = true;
  pthread_mutex_unlock(&running->mutex);
  disown(running);
}

}  // namespace

int startThread(void* (*main)(void*), void* data, pthread_t* thread) {
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error != 0) {
    return error;
  }
  pthread_attr_setstacksize(&attributes, kStackSize);
  // The new thread inherits the mask.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  error = pthread_create(thread, &attributes, main, data);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  return error;
}

napi_value Job::start(const Call& call, void* state, Run run, Settle settleWith) {
  napi_env env = call.env();
  auto* running = static_cast<Running*>(calloc(1, sizeof(Running)));
  expect(running != nullptr, "out of memory");
  running->owners = 2;
  pthread_mutex_init(&running->mutex, nullptr);
  running->run = run;
  running->settle = settleWith;
  running->state = state;
  napi_value promise = nullptr;
  expect(napi_create_promise(env, &running->deferred, &promise) == napi_ok, "no promise");
  expect(napi_create_threadsafe_function(env, nullptr, nullptr, makeText(env, "runts"), 0, 1, running, finish, running,
                                         settle, &running->settled) == napi_ok,
         "no thread-safe function");
  pthread_t thread;
  int error = startThread(threadMain, running, &thread);
  if (error == 0) {
    pthread_detach(thread);
  } else {
    running->failure = {"pthread_create", error};
    napi_reject_deferred(env, running->deferred, makeError(env, running->failure));
    napi_release_threadsafe_function(running->settled, napi_tsfn_abort);
    disown(running);
  }
  return promise;
}

}  // namespace runts
