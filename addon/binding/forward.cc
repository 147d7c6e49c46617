// Waits for a program in the foreground, and meanwhile does what its caller does for it: passes signals on, has its
// terminal follow the size of the caller's, and reaps what a subreaper was given.
#include "forward.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "thread.h"
#include "wait.h"

namespace runts {
namespace {

// Reaps every other child that ends before the one of `data`, which points to its pid. Nothing that can be polled
// tells of children that are not known.
void* reapOthers(void* data) {
  pid_t own = *static_cast<const pid_t*>(data);
  for (;;) {
    siginfo_t info = {};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) < 0) {
      if (errno != EINTR) {
        return nullptr;
      }
    } else if (info.si_pid == own) {
      return nullptr;
    } else {
      // ECHILD: whoever had started it was faster.
      waitid(P_PID, static_cast<id_t>(info.si_pid), &info, WEXITED | WNOHANG);
    }
  }
}

struct ForwardingWait {
  int pidfd;
  int pid;
  bool reaps;
  // Gives a byte for each signal; -1 when it has ended, for poll skips negative descriptors.
  int signals;
  // The caller's terminal and the master of the program's; -1 where it has none.
  int input;
  int master;
  int status;

  Failure run();
  napi_value result(napi_env env) { return makeInteger(env, status); }

 private:
  Failure forwardUntilEnd();
  Failure readSignals();
  void forward(int signal);
};

Failure ForwardingWait::run() {
  pthread_t reaper;
  int error = reaps ? startThread(reapOthers, &pid, &reaper) : 0;
  if (error != 0) {
    return {"pthread_create", error};
  }
  Failure failure = forwardUntilEnd();
  if (reaps) {
    // It ends with the program, also where we have failed: `pid` has to stay until then.
    pthread_join(reaper, nullptr);
  }
  return failure ? failure : reap(pidfd, &status);
}

Failure ForwardingWait::forwardUntilEnd() {
  for (;;) {
    pollfd items[] = {{pidfd, POLLIN, 0}, {signals, POLLIN, 0}};
    if (poll(items, 2, -1) < 0) {
      if (errno != EINTR) {
        return {"poll", errno};
      }
      continue;
    }
    if (((items[0].revents | items[1].revents) & POLLNVAL) != 0) {
      return {"poll", EBADF};
    }
    Failure failure = items[1].revents != 0 ? readSignals() : Failure{};
    if (failure || items[0].revents != 0) {
      return failure;
    }
  }
}

Failure ForwardingWait::readSignals() {
  uint8_t numbers[64];
  ssize_t size = read(signals, numbers, sizeof numbers);
  if (size < 0) {
    return errno == EINTR || errno == EAGAIN ? Failure{} : Failure{"read", errno};
  }
  if (size == 0) {
    signals = -1;
  }
  for (ssize_t index = 0; index < size; ++index) {
    forward(numbers[index]);
  }
  return {};
}

void ForwardingWait::forward(int signal) {
  if (signal == SIGWINCH && master >= 0) {
    winsize size = {};
    // ENOTTY, EIO: the caller has no terminal, or it has hung up. Then there is no size to follow.
    if (ioctl(input, TIOCGWINSZ, &size) == 0) {
      ioctl(master, TIOCSWINSZ, &size);
    }
    return;
  }
  // ESRCH: it has just ended, and the signal comes too late, as it may for any process. Whatever else it is, the
  // program runs, and is waited for.
  syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0);
}

ForwardingWait waitOf(const Call& call) {
  return {call.integer(0), call.integer(1), call.flag(2), call.integer(3), call.integer(4), call.integer(5), 0};
}

}  // namespace

// (pidfd of a child, its pid, whether every other child that ends is reaped, descriptor of signals or -1, terminal
// or -1, master or -1) → exit code, or the signal as a negative number
napi_value waitForwarding(const Call& call) { return atOnce(call, waitOf(call)); }
napi_value waitForwardingAsync(const Call& call) { return onThread(call, waitOf(call)); }

}  // namespace runts
