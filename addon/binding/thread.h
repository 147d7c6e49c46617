// Blocking work behind a promise.
//
// Every job has a thread of its own and not one of the pool that Node.js has: that has four threads, so four containers
// being waited for would stop every other asynchronous call of a long-lived process; and Node.js joins the pool at
// exit, so that a blocked wait would keep the process from ending. The interpreter of the binary has no pool.
#pragma once

#include <pthread.h>

#include <cstdlib>
#include <new>

#include "call.h"

namespace runts {

// Starts a thread that blocks every signal: they stay with the interpreter's own threads, which know what to do with
// them. Returns 0 or an errno.
int startThread(void* (*main)(void*), void* data, pthread_t* thread);

class Job {
 public:
  // Starts `run(state)` on a new thread and returns the promise, which `settle(env, state)` fulfils or, where `run`
  // returned a failure, which is rejected with it. `state` comes from malloc; the job frees it.
  using Run = Failure (*)(void* state);
  using Settle = napi_value (*)(napi_env env, void* state);
  static napi_value start(const Call& call, void* state, Run run, Settle settle);
};

// `Work` has `Failure run()` for the thread and `napi_value result(napi_env)` for the interpreter; it is moved
// bytewise, and what it allocates is freed in `result`.
template <typename Work>
napi_value onThread(const Call& call, const Work& work) {
  static_assert(__is_trivially_copyable(Work), "work moves to another thread as bytes");
  void* memory = malloc(sizeof(Work));
  expect(memory != nullptr, "out of memory");
  new (memory) Work(work);
  return Job::start(
      call, memory, [](void* state) { return static_cast<Work*>(state)->run(); },
      [](napi_env env, void* state) { return static_cast<Work*>(state)->result(env); });
}

// The same, blocking the thread that calls.
template <typename Work>
napi_value atOnce(const Call& call, Work work) {
  Failure failure = work.run();
  return failure ? call.fail(failure) : work.result(call.env());
}

}  // namespace runts
