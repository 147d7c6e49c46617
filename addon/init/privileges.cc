// User, capabilities, no_new_privs, LSM label and seccomp filter: what the process may do.
#include <linux/capability.h>
#include <linux/prctl.h>

#include "privileges.h"
#include "runner.h"

namespace {

struct CapabilitySets {
  uint64_t effective, permitted, inheritable;
};

struct CapabilityHeader {
  uint32_t version;
  int32_t pid;
};
struct CapabilityWords {
  uint32_t effective, permitted, inheritable;
};

[[nodiscard]] long get_capabilities(CapabilitySets& sets) {
  CapabilityHeader header{_LINUX_CAPABILITY_VERSION_3, 0};
  CapabilityWords words[2]{};
  const long got = sys::call(__NR_capget, sys::as_long(&header), sys::as_long(words));
  sets.effective = words[0].effective | uint64_t{words[1].effective} << 32;
  sets.permitted = words[0].permitted | uint64_t{words[1].permitted} << 32;
  sets.inheritable = words[0].inheritable | uint64_t{words[1].inheritable} << 32;
  return got;
}

[[nodiscard]] long set_capabilities(const CapabilitySets& sets) {
  CapabilityHeader header{_LINUX_CAPABILITY_VERSION_3, 0};
  const CapabilityWords words[2] = {
      {static_cast<uint32_t>(sets.effective), static_cast<uint32_t>(sets.permitted), static_cast<uint32_t>(sets.inheritable)},
      {static_cast<uint32_t>(sets.effective >> 32), static_cast<uint32_t>(sets.permitted >> 32),
       static_cast<uint32_t>(sets.inheritable >> 32)}};
  return sys::call(__NR_capset, sys::as_long(&header), sys::as_long(words));
}

}  // namespace

long raise_effective() {
  CapabilitySets sets{};
  const long got = get_capabilities(sets);
  if (got < 0 || sets.effective == sets.permitted) return got;
  sets.effective = sets.permitted;
  return set_capabilities(sets);
}

bool Runner::run(const BoundCapabilities& step) {
  for (uint32_t capability = 0; capability < 64; capability++) {
    const long bounding = sys::prctl(PR_CAPBSET_READ, capability);
    if (bounding == -sys::kEINVAL) break;  // Beyond the last one that the kernel knows.
    if (!ok(BoundCapabilities::drop, bounding)) return false;
    if (bounding == 0 || (step.bounding >> capability & 1) != 0) continue;
    if (!ok(BoundCapabilities::drop, sys::prctl(PR_CAPBSET_DROP, capability))) return false;
  }
  return true;
}

// A change of the user lets the capabilities go that setCapabilities may have to give; the effective ones go all the
// same, so that what follows is tried with the rights of the user. It also makes the process dumpable again by
// /proc/sys/fs/suid_dumpable.
bool Runner::run(const SetUser& step) {
  if (!ok(SetUser::keepCaps, sys::prctl(PR_SET_KEEPCAPS, 1))) return false;
  if (step.setGroups) {
    // Everything in a plan is aligned to 4 bytes, so the kernel can read the list where it stands.
    const auto* groups = reinterpret_cast<const uint32_t*>(step.groups_.data);
    if (!ok(SetUser::groups, sys::setgroups(step.groups_.count, groups))) return false;
  }
  if (!ok(SetUser::gid, sys::setresgid(step.gid_))) return false;
  if (!ok(SetUser::uid, sys::setresuid(step.uid_))) return false;
  sys::umask(step.umask);
  return ok(SetUser::dumpable, sys::prctl(PR_SET_DUMPABLE, 0));
}

bool Runner::run(const SetCapabilities& step) {
  // The kernel knows no ambient set before 4.3, nor a way to clear it.
  const long cleared = sys::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
  if (!ok(SetCapabilities::clearAmbient, cleared == -sys::kEINVAL ? 0 : cleared)) return false;
  if (!ok(SetCapabilities::set, set_capabilities({step.effective, step.permitted, step.inheritable}))) return false;
  for (uint32_t capability = 0; capability < 64; capability++) {
    if ((step.ambient >> capability & 1) == 0) continue;
    if (!ok(SetCapabilities::raiseAmbient, sys::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability))) return false;
  }
  return true;
}

bool Runner::run(const NoNewPrivileges&) { return ok(NoNewPrivileges::set, sys::prctl(PR_SET_NO_NEW_PRIVS, 1)); }

bool Runner::run(const ExecLabel& step) {
  return write_proc(ExecLabel::open, ExecLabel::check, ExecLabel::write, step.attribute.data, step.label.data, step.label.size);
}

long load_filter(Bytes filter, unsigned flags) {
  constexpr unsigned kSetModeFilter = 1;
  constexpr uint32_t kInstructionBytes = 8;
  const struct {
    uint16_t count;
    const void* instructions;
  } program{static_cast<uint16_t>(filter.size / kInstructionBytes), filter.data};
  if (filter.size % kInstructionBytes != 0 || filter.size / kInstructionBytes > 0xffff) return -sys::kEBADMSG;
  return sys::call(__NR_seccomp, kSetModeFilter, flags, sys::as_long(&program));
}

bool Runner::run(const Seccomp& step) {
  constexpr unsigned kNewListener = 8;
  // Without no_new_privs the kernel asks for CAP_SYS_ADMIN, which a user other than root holds but does not use.
  const long bound = sys::prctl(PR_GET_NO_NEW_PRIVS);
  if (!ok(Seccomp::load, bound)) return false;
  if (bound == 0 && !ok(Seccomp::load, raise_effective())) return false;
  const unsigned flags = step.flags | (step.notify ? kNewListener : 0u);
  Fd listener(load_filter(step.filter, flags));
  if (!ok(Seccomp::load, listener.result())) return false;
  if (!step.notify) return listener.release() >= 0;
  return ok(Seccomp::send, tell(Record::seccompListener, 0, listener.get()));
}
