// The steps of the outer helper, and those by which init makes itself at home in its new namespaces.
#include <linux/prctl.h>

#include "runner.h"

namespace {

// Signed decimal text; `room` holds at least 21 characters. Returns where it begins.
[[nodiscard]] const char* decimal(int64_t number, char* room) {
  char* at = room + 20;
  *at = '\0';
  uint64_t rest = number < 0 ? uint64_t{0} - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
  do {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (number < 0) *--at = '-';
  return at;
}

}  // namespace

// `0` means the process that writes.
bool Runner::run(const JoinCgroup& step) {
  for (uint32_t i = 0; i < step.slots.count; i++) {
    const uint32_t slot = step.slots.at(i);
    if (slot >= slot_count_) return malformed();
    Fd tasks(descriptor(slot));
    slots_[slot] = -1;
    if (!ok(JoinCgroup::join, sys::write(tasks.get(), "0", 1))) return false;
  }
  return true;
}

bool Runner::run(const OomScoreAdj& step) {
  char room[24];
  const char* text = decimal(step.value, room);
  return write_proc(OomScoreAdj::open, OomScoreAdj::open, OomScoreAdj::write, "self/oom_score_adj", text, length(text));
}

bool Runner::run(const RaiseRlimit& step) {
  uint64_t limits[2];
  if (!ok(RaiseRlimit::get, sys::prlimit(0, step.resource, nullptr, limits))) return false;
  if (limits[1] >= step.hard) return ok(RaiseRlimit::set, 0);
  limits[1] = step.hard;
  return ok(RaiseRlimit::set, sys::prlimit(0, step.resource, limits, nullptr));
}

bool Runner::run(const OpenNamespace& step) {
  constexpr unsigned long kGetType = 0xb703;
  if (step.slot < slot_count_ || step.slot >= kMaxSlots) return malformed();
  // Without waiting: a FIFO is no namespace.
  Fd fd(sys::openat(sys::kAtFdcwd, step.path.data, sys::kReadOnly | sys::kNoControllingTty | sys::kNonBlocking));
  if (!ok(OpenNamespace::open, fd.result())) return false;
  const long type = sys::ioctl(fd.get(), kGetType, 0);
  if (!ok(OpenNamespace::check, type >= 0 && type != static_cast<long>(step.nsType) ? -sys::kEINVAL : type)) return false;
  slots_[step.slot] = static_cast<int>(fd.release());
  return true;
}

bool Runner::run(const EnterNamespace& step) {
  Fd fd(descriptor(step.slot));
  if (step.slot < slot_count_ || step.slot >= kMaxSlots) return malformed();
  slots_[step.slot] = -1;
  return ok(EnterNamespace::enter, sys::setns(fd.get(), static_cast<int>(step.nsType)));
}

// The kernel checks every one of them with the rights that we have now, so that it does not matter whose they are, and
// either enters all or none. A change of the user namespace makes the process dumpable by /proc/sys/fs/suid_dumpable.
//
// Soon there is a process of ours among those of the container. One that may trace it (CAP_SYS_PTRACE, without a user
// namespace) could use its descriptors: it gets none that leads to the host and is not needed.
bool Runner::run(const EnterNamespaces& step) {
  if (step.process >= slot_count_) return malformed();
  if (!ok(EnterNamespaces::enter, sys::setns(descriptor(step.process), static_cast<int>(step.types)))) return false;
  if (!step.keepProcfs) procfs_.reset();
  return ok(EnterNamespaces::dumpable, sys::prctl(PR_SET_DUMPABLE, 0));
}

bool Runner::run(const EnterCgroupNamespace& step) {
  if (step.process >= slot_count_) return malformed();
  if (!ok(EnterCgroupNamespace::enter, sys::setns(descriptor(step.process), static_cast<int>(step.types)))) return false;
  return ok(EnterCgroupNamespace::dumpable, sys::prctl(PR_SET_DUMPABLE, 0));
}

bool Runner::run(const TimeOffsets& step) {
  constexpr uint64_t kNewTime = 0x80;
  if (!ok(TimeOffsets::unshare, sys::unshare(kNewTime))) return false;
  if (step.offsets.empty()) return true;
  return write_proc(TimeOffsets::open, TimeOffsets::open, TimeOffsets::write, "self/timens_offsets", step.offsets.data,
                    step.offsets.size);
}

// Init does nothing before its pid is told: it waits for the end of a pipe that only the outer helper holds.
bool Runner::run(const ForkInit& step) {
  constexpr uint64_t kPidfd = 0x1000, kParent = 0x8000, kIntoCgroup = 0x200000000;
  int pidfd = -1;
  sys::CloneArguments arguments{};
  arguments.flags = step.flags | kPidfd | kParent;
  arguments.pidfd = reinterpret_cast<uint64_t>(&pidfd);
  if (step.cgroup != kNoSlot) {
    if (step.cgroup >= slot_count_) return malformed();
    arguments.flags |= kIntoCgroup;
    arguments.cgroup = static_cast<uint64_t>(descriptor(step.cgroup));
  }
  // Asked before: a test that lets it fail must not have a child.
  if (!ok(ForkInit::clone, 0)) return false;
  int ends[2];
  if (!ok(ForkInit::clone, sys::pipe2(ends, sys::kCloseOnExec))) return false;
  Fd told(ends[0]), telling(ends[1]);
  const long pid = sys::clone3(arguments);
  if (!ok(ForkInit::clone, pid)) return false;
  if (pid == 0) {
    is_init_ = true;
    telling.reset();
    char nothing;
    if (!ok(ForkInit::report, sys::read(told.get(), &nothing, 1))) return false;
    if (step.cgroup != kNoSlot) {
      Fd used(descriptor(step.cgroup));
      slots_[step.cgroup] = -1;
    }
    // `ps` shows how far a container got that hangs; the name ends with execve.
    return ok(ForkInit::report, sys::prctl(PR_SET_NAME, sys::as_long("runts:[2:INIT]")));
  }
  if (!ok(ForkInit::report, tell(Record::child, static_cast<uint32_t>(pid), pidfd))) return false;
  sys::exit(0);
}

bool Runner::run(const BecomeRoot&) {
  if (!ok(BecomeRoot::setgid, sys::setresgid(0)) || !ok(BecomeRoot::setuid, sys::setresuid(0))) return false;
  // A change of the user makes the process dumpable by /proc/sys/fs/suid_dumpable.
  return ok(BecomeRoot::dumpable, sys::prctl(PR_SET_DUMPABLE, 0));
}

bool Runner::run(const NewSession&) { return ok(NewSession::setsid, sys::setsid()); }

bool Runner::run(const LoopbackUp&) {
  constexpr int kInet = 2, kDatagram = 2 | 02000000;
  constexpr unsigned long kGetFlags = 0x8913, kSetFlags = 0x8914;
  constexpr uint16_t kUp = 1;
  struct {
    char name[16];
    uint16_t flags;
    char rest[22];
  } request{"lo", 0, {}};
  Fd fd(sys::socket(kInet, kDatagram, 0));
  if (!ok(LoopbackUp::socket, fd.result())) return false;
  if (!ok(LoopbackUp::up, sys::ioctl(fd.get(), kGetFlags, sys::as_long(&request)))) return false;
  request.flags = static_cast<uint16_t>(request.flags | kUp);
  return ok(LoopbackUp::up, sys::ioctl(fd.get(), kSetFlags, sys::as_long(&request)));
}

bool Runner::run(const Hostname& step) {
  return ok(Hostname::set, sys::call(__NR_sethostname, sys::as_long(step.name.data), step.name.size));
}

bool Runner::run(const Domainname& step) {
  return ok(Domainname::set, sys::call(__NR_setdomainname, sys::as_long(step.name.data), step.name.size));
}

// What /proc/sys shows depends on the namespaces of who opens it, so the host's procfs gives init its own values.
bool Runner::run(const Sysctl& step) {
  constexpr char kFolder[] = "sys/";
  constexpr size_t kPrefix = sizeof(kFolder) - 1;
  if (step.path.size + kPrefix >= sizeof(path_)) return fail(Sysctl::open, -sys::kENAMETOOLONG);
  memcpy(path_, kFolder, kPrefix);
  memcpy(path_ + kPrefix, step.path.data, step.path.size + 1);
  return write_proc(Sysctl::open, Sysctl::check, Sysctl::write, path_, step.value.data, step.value.size);
}
