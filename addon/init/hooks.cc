// Hooks that run inside the container's namespaces, one at a time.
#include <linux/prctl.h>

#include "privileges.h"
#include "runner.h"

namespace {

constexpr int kKill = 9;
constexpr int kNonBlocking = 04000;

struct PollRequest {
  int fd;
  int16_t events, revents;
};
struct Ended {  // struct siginfo_t of SIGCHLD
  int32_t signal, error, code, pad, pid, uid, status;
  int32_t rest[25];
};

[[nodiscard]] int64_t now_ms() {
  constexpr int kMonotonic = 1;
  sys::Timespec time{};
  // It cannot fail with a valid clock; if it did, time would stand still and the hook would have no limit.
  if (sys::call(__NR_clock_gettime, kMonotonic, sys::as_long(&time)) < 0) return 0;
  return time.seconds * 1000 + time.nanoseconds / 1000000;
}

// The state is a file in memory: a hook that does not read it cannot stop anybody, and no pipe can break.
[[nodiscard]] Fd state_file(const RunHook& step) {
  constexpr unsigned kMemoryCloseOnExec = 1, kNoExec = 8;
  Detail pid{};
  pid.add_number(static_cast<uint64_t>(sys::call(__NR_getpid)));
  const Text parts[] = {step.stateBeforePid, {pid.text, pid.size}, step.stateAfterPid};
  long created = sys::call(__NR_memfd_create, sys::as_long("runts-state"), kMemoryCloseOnExec | kNoExec);
  // Linux before 6.3 does not know the second flag.
  if (created == -sys::kEINVAL) created = sys::call(__NR_memfd_create, sys::as_long("runts-state"), kMemoryCloseOnExec);
  Fd file(created);
  for (const Text& part : parts) {
    if (!file.valid()) break;
    const long written = sys::write(file.get(), part.data, part.size);
    if (written != static_cast<long>(part.size)) return Fd(written < 0 ? written : -sys::kEIO);
  }
  if (file.valid()) {
    const long rewound = sys::call(__NR_lseek, file.get(), 0, 0);
    if (rewound < 0) return Fd(rewound);
  }
  return file;
}

// The child: never returns. What it cannot do goes to the parent as an errno.
[[noreturn]] void become_hook(const RunHook& step, char** args, char** env, int state, int output, int failure) {
  sys::umask(0022);
  long result = sys::dup3(state, 0, 0);
  if (result >= 0) result = sys::dup3(output, 1, 0);
  if (result >= 0) result = sys::dup3(output, 2, 0);
  if (result >= 0) result = sys::close_range(3, ~0u, 4);
  // The program of the hook comes from the image: what binds the container's program binds it too.
  if (result >= 0 && step.noNewPrivileges) result = sys::prctl(PR_SET_NO_NEW_PRIVS, 1);
  if (result >= 0 && step.filter.size > 0) {
    if (!step.noNewPrivileges) result = raise_effective();
    if (result >= 0) result = load_filter(step.filter, step.filterFlags);
  }
  if (result >= 0) result = sys::execve(step.path.data, args, env);
  const int32_t error = static_cast<int32_t>(-result);
  // The parent sees the exit code when even this is impossible.
  if (sys::write(failure, &error, sizeof(error)) < 0) sys::exit(126);
  sys::exit(127);
}

// Keeps the beginning of what a hook prints, for the message, and throws the rest away. False at the end of it.
[[nodiscard]] bool drain(int output, Detail& begin) {
  char buffer[512];
  for (;;) {
    const long size = sys::read(output, buffer, sizeof(buffer));
    if (size == -sys::kEAGAIN) return true;
    if (size <= 0) return false;
    for (long i = 0; i < size && begin.size < 150; i++) begin.text[begin.size++] = buffer[i];
  }
}

}  // namespace

bool Runner::run(const RunHook& step) {
  Fd state = state_file(step);
  if (!ok(RunHook::state, state.result())) return false;
  int ends[2];
  if (!ok(RunHook::pipe, sys::pipe2(ends, sys::kCloseOnExec | kNonBlocking))) return false;
  Fd output(ends[0]), output_end(ends[1]);
  if (!ok(RunHook::pipe, sys::pipe2(ends, sys::kCloseOnExec))) return false;
  Fd failure(ends[0]), failure_end(ends[1]);
  // The hook's end must block, as a program expects of its standard output.
  constexpr int kSetFlags = 4, kWriteEnd = 1;
  if (!ok(RunHook::pipe, sys::fcntl(output_end.get(), kSetFlags, kWriteEnd))) return false;

  const uint32_t used = pointers_used_;
  char** args = vector(step.args, nullptr);
  char** env = vector(step.env, nullptr);
  pointers_used_ = used;
  if (args == nullptr || env == nullptr) return fail(RunHook::fork, -sys::kE2BIG);

  constexpr uint64_t kPidfd = 0x1000, kChildSignal = 17;
  int child = -1;
  sys::CloneArguments arguments{};
  arguments.flags = kPidfd;
  arguments.pidfd = reinterpret_cast<uint64_t>(&child);
  arguments.exit_signal = kChildSignal;
  const long pid = sys::clone3(arguments);
  if (pid == 0) become_hook(step, args, env, state.get(), output_end.get(), failure_end.get());
  if (!ok(RunHook::fork, pid)) return false;
  Fd pidfd(child);
  output_end.reset();
  failure_end.reset();

  Detail printed{};
  bool printing = true, late = false;
  const int64_t begun = now_ms();
  for (;;) {
    constexpr int16_t kReadable = 1;
    PollRequest requests[] = {{pidfd.get(), kReadable, 0}, {printing ? output.get() : -1, kReadable, 0}};
    int64_t left = step.timeoutMs == 0 ? 0 : static_cast<int64_t>(step.timeoutMs) - (now_ms() - begun);
    if (left < 0) left = 0;
    const sys::Timespec wait{left / 1000, left % 1000 * 1000000};
    const long ready = sys::poll(requests, 2, step.timeoutMs == 0 ? nullptr : &wait);
    if (ready == -sys::kEINTR) continue;
    if (!ok(RunHook::wait, ready)) return false;
    if (requests[1].revents != 0) printing = drain(output.get(), printed);
    if (requests[0].revents != 0) break;
    if (ready == 0 && !late) {
      late = true;
      if (!ok(RunHook::wait, sys::pidfd_send_signal(pidfd.get(), kKill))) return false;
      break;
    }
  }
  if (printing && !drain(output.get(), printed)) printing = false;

  constexpr int kByPidfd = 3, kExited = 4;
  Ended ended{};
  long waited;
  do {
    waited = sys::waitid(kByPidfd, pidfd.get(), &ended, kExited);
  } while (waited == -sys::kEINTR);
  if (!ok(RunHook::wait, waited)) return false;
  printed.text[printed.size] = '\0';
  if (late) {
    detail_.add(printed.text);
    return fail(RunHook::timeout, -sys::kETIMEDOUT);
  }
  int32_t error = 0;
  if (sys::read(failure.get(), &error, sizeof(error)) == static_cast<long>(sizeof(error))) {
    return fail(RunHook::exec, -static_cast<long>(error));
  }
  constexpr int kNormalEnd = 1;
  if (!ok(RunHook::status, 0)) return false;
  if (ended.code == kNormalEnd && ended.status == 0) return true;
  detail_.add(ended.code == kNormalEnd ? "exit status " : "killed by signal ");
  detail_.add_number(static_cast<uint64_t>(ended.status));
  if (printed.size > 0) {
    detail_.add(": ");
    detail_.add(printed.text);
  }
  return fail(RunHook::status, -sys::kEIO);
}
