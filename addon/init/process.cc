// What the process is, apart from its privileges: session keyring, limits, standard streams, working directory.
#include <linux/prctl.h>

#include "runner.h"

bool Runner::run(const SessionKeyring& step) {
  constexpr int kJoin = 1;
  const long joined = sys::call(__NR_keyctl, kJoin, sys::as_long(step.name.data));
  // A kernel without keyrings has none to protect.
  if (joined == -sys::kENOSYS) return ok(SessionKeyring::join, 0);
  if (!ok(SessionKeyring::join, joined)) return false;
  // As the kernel makes it, and that its user may search for it too: everything for who possesses it, for its user
  // view, read, search and link (keyrings(7)).
  constexpr int kSetPermissions = 5;
  constexpr uint32_t kSearchable = 0x3f1b0000;
  if (!step.searchable) return true;
  return ok(SessionKeyring::share, sys::call(__NR_keyctl, kSetPermissions, joined, kSearchable));
}

bool Runner::run(const IoPriority& step) {
  constexpr int kProcess = 1;
  return ok(IoPriority::set, sys::call(__NR_ioprio_set, kProcess, 0, step.value));
}

bool Runner::run(const Rlimit& step) {
  const uint64_t limits[2] = {step.soft, step.hard};
  return ok(Rlimit::set, sys::prlimit(0, step.resource, limits, nullptr));
}

bool Runner::run(const Personality& step) { return ok(Personality::set, sys::call(__NR_personality, step.persona)); }

// Streams that nobody may give away (a read-only mount, a user outside the mapping) keep their owner; so does the
// host's /dev/null, which belongs to everybody.
bool Runner::run(const OwnStdio& step) {
  for (int fd = 0; fd < 3; fd++) {
    sys::FileStat stat{};
    if (!ok(OwnStdio::inspect, sys::statx(fd, "", sys::kAtEmptyPath, &stat))) return false;
    const bool is_null =
        (stat.mode & sys::kTypeMask) == sys::kTypeCharacter && stat.rdev_major == 1 && stat.rdev_minor == 3;
    if (stat.uid == step.uid || is_null) continue;
    const long owned = sys::fchownat(fd, "", step.uid, ~0u, sys::kAtEmptyPath);
    const bool tolerated = owned == -sys::kEPERM || owned == -sys::kEINVAL || owned == -sys::kEROFS;
    if (!ok(OwnStdio::chown, tolerated ? 0 : owned)) return false;
  }
  return true;
}

bool Runner::run(const ChangeDirectory& step) {
  const long entered = sys::chdir(step.path.data);
  in_directory_ = entered >= 0;
  return ok(ChangeDirectory::chdir, entered == -sys::kEACCES || entered == -sys::kEPERM ? 0 : entered);
}

// The kernel gives a path that does not begin with a slash for a directory outside of the root, where a descriptor of the
// host that slipped in would lead.
bool Runner::run(const CheckDirectory& step) {
  if (!in_directory_ && !ok(CheckDirectory::chdir, sys::chdir(step.path.data))) return false;
  const long size = sys::getcwd(scratch_, sizeof(scratch_));
  if (!ok(CheckDirectory::check, size)) return false;
  return ok(CheckDirectory::check, scratch_[0] == '/' ? 0 : -sys::kEPERM);
}

bool Runner::run(const PlaceDescriptors& step) {
  constexpr unsigned kSetCloseOnExec = 4;
  constexpr unsigned kFirst = 3;
  if (kFirst + step.slots.count > floor_) return malformed();
  for (uint32_t i = 0; i < step.slots.count; i++) {
    const int fd = step.slots.at(i) < slot_count_ ? descriptor(step.slots.at(i)) : -sys::kEBADF;
    if (!ok(PlaceDescriptors::place, sys::dup3(fd, static_cast<int>(kFirst + i), 0))) return false;
  }
  return ok(PlaceDescriptors::close, sys::close_range(kFirst + step.slots.count, ~0u, kSetCloseOnExec));
}
