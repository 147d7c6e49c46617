#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wait.h"

namespace runts {
namespace {

constexpr size_t kStackSize = 32 * 1024;

// Shared by parent and child.
struct Child {
  Execute execute;
  void* data;
  Failure failure;
};

// The runtime ignores SIGPIPE and handles others; what it starts begins with none of that. Handlers must be gone
// before the mask is lifted, because they would run in the parent's memory.
Failure resetSignals() {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) {
    // EINVAL: SIGKILL, SIGSTOP, and the two that the C library keeps to itself (execve resets these).
    if (sigaction(signal, &action, nullptr) < 0 && errno != EINVAL) {
      return {"sigaction", errno};
    }
  }
  sigset_t none;
  sigemptyset(&none);
  return sigprocmask(SIG_SETMASK, &none, nullptr) < 0 ? Failure{"sigprocmask", errno} : Failure{};
}

int childMain(void* data) {
  auto* child = static_cast<Child*>(data);
  child->failure = resetSignals();
  if (!child->failure) {
    child->failure = child->execute(child->data);
  }
  _exit(127);
}

}  // namespace

// Moves everything out of the way first: the caller's descriptors may be among the new numbers, in any order.
Failure placeDescriptors(int* descriptors, int count) {
  for (int target = 0; target < count; ++target) {
    int moved = fcntl(descriptors[target], F_DUPFD_CLOEXEC, count);
    if (moved < 0) {
      return {"fcntl(F_DUPFD_CLOEXEC)", errno};
    }
    descriptors[target] = moved;
  }
  for (int target = 0; target < count; ++target) {
    if (dup3(descriptors[target], target, 0) < 0) {
      return {"dup3", errno};
    }
  }
  return syscall(SYS_close_range, count, ~0U, 0) < 0 ? Failure{"close_range", errno} : Failure{};
}

Failure startChild(Execute execute, void* data, int* pid, int* pidfd) {
  void* stack = mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) {
    return {"mmap", errno};
  }
  // Where the caller ignores the end of children, and has passed that on to us, there would be nothing to wait for.
  struct sigaction ends = {};
  if (sigaction(SIGCHLD, nullptr, &ends) == 0 && ends.sa_handler == SIG_IGN) {
    ends.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &ends, nullptr);
  }
  Child child = {execute, data, {}};
  // A handler of this process must not run in the child before resetSignals.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  *pid = clone(childMain, static_cast<char*>(stack) + kStackSize, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD,
               &child, pidfd);
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  munmap(stack, kStackSize);
  if (*pid < 0) {
    return {"clone", error};
  }
  if (child.failure) {
    int status = 0;
    reap(*pidfd, &status);
    close(*pidfd);
  }
  return child.failure;
}

}  // namespace runts
