#include "wait.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "thread.h"

namespace runts {
namespace {

struct Wait {
  int pidfd;
  int status;

  Failure run() { return reap(pidfd, &status); }

  napi_value result(napi_env env) { return makeInteger(env, status); }
};

int64_t milliseconds() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * int64_t{1000} + now.tv_nsec / 1000000;
}

struct Poll {
  int pidfd;
  int timeout;
  int cancel;
  bool ended;

  Failure run() {
    int64_t deadline = milliseconds() + timeout;
    // A negative descriptor is passed over.
    pollfd items[] = {{pidfd, POLLIN, 0}, {cancel, POLLIN, 0}};
    int left = timeout;
    int ready = poll(items, 2, left);
    while (ready < 0 && errno == EINTR) {
      if (timeout > 0) {
        int64_t rest = deadline - milliseconds();
        left = rest < 0 ? 0 : static_cast<int>(rest);
      }
      ready = poll(items, 2, left);
    }
    if (ready < 0) {
      return {"poll", errno};
    }
    if (((items[0].revents | items[1].revents) & POLLNVAL) != 0) {
      return {"poll", EBADF};
    }
    ended = items[0].revents != 0;
    return {};
  }

  napi_value result(napi_env env) { return makeFlag(env, ended); }
};

Wait waitOf(const Call& call) { return {call.integer(0), 0}; }
Poll pollOf(const Call& call) { return {call.integer(0), call.integer(1), call.integer(2), false}; }

}  // namespace

Failure reap(int pidfd, int* status) {
  siginfo_t info = {};
  while (waitid(kPidfd, static_cast<id_t>(pidfd), &info, WEXITED) < 0) {
    if (errno != EINTR) {
      return {"waitid", errno};
    }
  }
  *status = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
  return {};
}

// (pid) → pidfd
napi_value pidfdOpen(const Call& call) {
  long pidfd = syscall(SYS_pidfd_open, call.integer(0), 0);
  return pidfd < 0 ? call.fail({"pidfd_open", errno}) : makeInteger(call.env(), pidfd);
}

// (pidfd, signal)
napi_value pidfdSendSignal(const Call& call) {
  long done = syscall(SYS_pidfd_send_signal, call.integer(0), call.integer(1), nullptr, 0);
  return done < 0 ? call.fail({"pidfd_send_signal", errno}) : call.nothing();
}

// (pidfd of a child) → exit code, or the signal as a negative number
napi_value waitExit(const Call& call) { return atOnce(call, waitOf(call)); }
napi_value waitExitAsync(const Call& call) { return onThread(call, waitOf(call)); }

// (pidfd, milliseconds or -1, descriptor that ends the wait when it becomes readable, or -1) → whether the process has ended
napi_value pollExit(const Call& call) { return atOnce(call, pollOf(call)); }
napi_value pollExitAsync(const Call& call) { return onThread(call, pollOf(call)); }

// (on)
napi_value setSubreaper(const Call& call) {
  unsigned long on = call.flag(0) ? 1 : 0;
  return prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0) < 0 ? call.fail({"prctl", errno}) : call.nothing();
}

}  // namespace runts
