// A process that outlives the runtime by a moment, to put the user's terminal right if the runtime was killed.
//
// It is a plain fork and not a thread, because nothing in the runtime's process runs after SIGKILL; and it is forked
// with a raw system call, because fork(3) would wait for locks that other threads of the interpreter hold. Of the memory
// that it shares with the runtime until either writes, it touches its own stack: it makes system calls, nothing else.
#include "guard.h"

#include <cstring>

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "descriptor.h"
#include "wait.h"

namespace runts {
namespace {

constexpr int kTerminal = 0;
constexpr int kRuntime = 1;

// Whether the modes are still those that makeRaw has set. Anything else was set by somebody who came after the
// runtime, such as the shell, which has its own idea of its terminal.
bool isRaw(const termios& modes) {
  termios raw = modes;
  cfmakeraw(&raw);
  return raw.c_iflag == modes.c_iflag && raw.c_oflag == modes.c_oflag && raw.c_cflag == modes.c_cflag &&
         raw.c_lflag == modes.c_lflag;
}

// Out of reach of the terminal, with nothing else open. The name comes last: it says that the rest is done.
bool takePlace(int terminal, int runtime) {
  // Out of the terminal's session: no hang-up, no Ctrl-C and no job control reach it.
  return setsid() >= 0 && dup2(terminal, kTerminal) >= 0 && dup2(runtime, kRuntime) >= 0 &&
         chdir("/") >= 0 && syscall(SYS_close_range, kRuntime + 1, ~0U, 0) >= 0 &&
         prctl(PR_SET_NAME, "runts:terminal", 0, 0, 0) >= 0;
}

// `terminal` and `runtime` are above 1. All signals are blocked and stay so.
[[noreturn]] void guardMain(int terminal, int runtime, const termios& saved) {
  int error = takePlace(terminal, runtime) ? 0 : errno;
  // Where the place was not taken, the socket may still have its first number.
  if (write(error == 0 ? kRuntime : runtime, &error, sizeof error) != sizeof error || error != 0) {
    _exit(1);
  }
  char released = 0;
  ssize_t size = read(kRuntime, &released, 1);
  termios now = {};
  // At once and not after draining: a terminal that is stopped would keep this process for ever.
  bool restored = size == 0 && tcgetattr(kTerminal, &now) == 0 && isRaw(now) &&
                  tcsetattr(kTerminal, TCSANOW, &saved) == 0;
  _exit(restored || size == 1 ? 0 : 1);
}

// 0 or an errno; ESRCH if the guard was killed first.
int awaitPlace(int guard) {
  int error = 0;
  ssize_t size = 0;
  do {
    size = read(guard, &error, sizeof error);
  } while (size < 0 && errno == EINTR);
  if (size < 0) {
    return errno;
  }
  return size == sizeof error ? error : ESRCH;
}

}  // namespace

// (terminal, modes) → [socket, pidfd]
napi_value guardTerminal(const Call& call) {
  Bytes bytes = call.bytes(1);
  termios saved = {};
  expect(bytes.size == sizeof saved, "these are not terminal modes");
  memcpy(&saved, bytes.data, sizeof saved);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
    return call.fail({"socketpair", errno});
  }
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  // Above the numbers that the child gives them.
  Descriptor runtime(fcntl(theirs.get(), F_DUPFD_CLOEXEC, kRuntime + 1));
  Descriptor terminal(runtime.valid() ? fcntl(call.integer(0), F_DUPFD_CLOEXEC, kRuntime + 1) : -1);
  if (!terminal.valid()) {
    return call.fail({"fcntl(F_DUPFD_CLOEXEC)", errno});
  }
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int pidfd = -1;
  // Without an exit signal: the interpreter never hears of this child, and only __WALL finds it.
  long pid = syscall(SYS_clone, CLONE_PIDFD, nullptr, &pidfd, nullptr, nullptr);
  if (pid == 0) {
    guardMain(terminal.get(), runtime.get(), saved);
  }
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) {
    return call.fail({"clone", error});
  }
  Descriptor guard(pidfd);
  // Open here, they would hide the guard's end.
  theirs = Descriptor();
  runtime = Descriptor();
  error = awaitPlace(ours.get());
  if (error != 0) {
    siginfo_t ignored;
    waitid(kPidfd, static_cast<id_t>(guard.get()), &ignored, WEXITED | __WALL);
    return call.fail({"guard", error});
  }
  int result[] = {ours.release(), guard.release()};
  return makeIntegers(call.env(), result, 2);
}

// (socket, pidfd): closes both
napi_value releaseTerminal(const Call& call) {
  Descriptor socket(call.integer(0));
  Descriptor pidfd(call.integer(1));
  // It fails where somebody has killed the guard, which is then gone as well.
  while (send(socket.get(), "r", 1, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
  siginfo_t ignored;
  while (waitid(kPidfd, static_cast<id_t>(pidfd.get()), &ignored, WEXITED | __WALL) < 0) {
    if (errno != EINTR) {
      return call.fail({"waitid", errno});
    }
  }
  return call.nothing();
}

}  // namespace runts
