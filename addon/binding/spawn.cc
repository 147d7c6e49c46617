// Starts the init helper as a child process.
//
// fork(2) would copy the page tables of a JavaScript engine; vfork semantics (CLONE_VM | CLONE_VFORK) copy nothing,
// and because memory is shared the child can say which of its calls failed. Until execveat the child runs in the
// memory of a process whose other threads go on: it makes system calls, writes to `Child`, and nothing else.
#include "spawn.h"

#include <cstdlib>

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

#include "descriptor.h"
#include "memfd.h"
#include "wait.h"

// The helper's bytes, from helper-image.S.
extern "C" {
extern uint8_t runts_helper_start[] __attribute__((visibility("hidden")));
extern uint8_t runts_helper_end[] __attribute__((visibility("hidden")));
}

namespace runts {
namespace {

constexpr const char* kImageName = "runts-init";
constexpr size_t kStackSize = 32 * 1024;
constexpr int kControl = 3;
constexpr int kImage = 4;

// Shared by parent and child. `descriptors` become 0, 1, 2, 3 (control) and 4 (the image) in this order.
struct Child {
  int descriptors[kImage + 1];
  char* const* arguments;
  char* const* environment;
  Failure failure;
};

// Node.js and Bun ignore SIGPIPE and handle others; a container starts with none of that. Handlers must be gone
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

// Moves everything out of the way first: the caller's descriptors may be 0 to 4 themselves, in any order.
Failure placeDescriptors(int* descriptors) {
  for (int target = 0; target <= kImage; ++target) {
    int moved = fcntl(descriptors[target], F_DUPFD_CLOEXEC, kImage + 1);
    if (moved < 0) {
      return {"fcntl(F_DUPFD_CLOEXEC)", errno};
    }
    descriptors[target] = moved;
  }
  for (int target = 0; target <= kImage; ++target) {
    if (dup3(descriptors[target], target, target == kImage ? O_CLOEXEC : 0) < 0) {
      return {"dup3", errno};
    }
  }
  return syscall(SYS_close_range, kImage + 1, ~0U, 0) < 0 ? Failure{"close_range", errno} : Failure{};
}

int childMain(void* data) {
  auto* child = static_cast<Child*>(data);
  child->failure = resetSignals();
  if (!child->failure) {
    child->failure = placeDescriptors(child->descriptors);
  }
  if (!child->failure) {
    syscall(SYS_execveat, kImage, "", child->arguments, child->environment, AT_EMPTY_PATH);
    child->failure = {"execveat", errno};
  }
  _exit(127);
}

Failure spawn(Child* child, int* pid, int* pidfd) {
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
  // A handler of the engine must not run in the child before resetSignals.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  *pid = clone(childMain, static_cast<char*>(stack) + kStackSize, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, child,
               pidfd);
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  munmap(stack, kStackSize);
  if (*pid < 0) {
    return {"clone", error};
  }
  if (child->failure) {
    siginfo_t ignored;
    while (waitid(kPidfd, static_cast<id_t>(*pidfd), &ignored, WEXITED) < 0 && errno == EINTR) {
    }
    close(*pidfd);
  }
  return child->failure;
}

}  // namespace

// (standard input, output, error, control, name) → [pid, pidfd]
napi_value spawnHelper(const Call& call) {
  char name[64];
  Failure failure = call.text(4, name, sizeof name);
  Descriptor image;
  if (!failure) {
    Bytes content = {runts_helper_start, static_cast<size_t>(runts_helper_end - runts_helper_start)};
    failure = makeMemoryFile(kImageName, content, true, true, &image);
  }
  if (failure) {
    return call.fail(failure);
  }
  char* arguments[] = {name, nullptr};
  char* environment[] = {nullptr};
  Child child = {{call.integer(0), call.integer(1), call.integer(2), call.integer(kControl), image.get()},
                 arguments,
                 environment,
                 {}};
  int pid = -1;
  int pidfd = -1;
  failure = spawn(&child, &pid, &pidfd);
  if (failure) {
    return call.fail(failure);
  }
  int result[] = {pid, pidfd};
  return makeIntegers(call.env(), result, 2);
}

}  // namespace runts
