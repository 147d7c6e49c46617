// The container's root: opened once, made a mount, and at last made `/`.
#include "runner.h"

namespace {

constexpr uint64_t kPrivate = 1u << 18, kSlave = 1u << 19;
constexpr int kDetach = 2;

[[nodiscard]] long propagate(int fd, uint64_t propagation, bool recursive) {
  const unsigned deep = recursive ? static_cast<unsigned>(sys::kAtRecursive) : 0u;
  return sys::mount_setattr(fd, static_cast<unsigned>(sys::kAtEmptyPath) | deep, {0, 0, propagation, 0});
}

[[nodiscard]] Fd open_directory(const char* path) {
  return Fd(sys::openat(sys::kAtFdcwd, path, sys::kPath | sys::kDirectory));
}

// Climbs from a directory to the root of the mount that it lies in: the last one before `..` leads to another mount, or
// to itself.
[[nodiscard]] Fd root_of_mount(int directory) {
  constexpr int kHighest = 4096;
  Fd at(sys::openat(directory, ".", sys::kPath | sys::kDirectory));
  for (int level = 0; level < kHighest && at.valid(); level++) {
    Fd above(sys::openat(at.get(), "..", sys::kPath | sys::kDirectory));
    sys::FileStat here{}, there{};
    const long known = sys::statx(at.get(), "", sys::kAtEmptyPath, &here);
    if (known < 0) return Fd(known);
    const long known_above = above.valid() ? sys::statx(above.get(), "", sys::kAtEmptyPath, &there) : above.result();
    if (known_above < 0) return Fd(known_above);
    const bool is_top = here.ino == there.ino && here.dev_major == there.dev_major && here.dev_minor == there.dev_minor;
    if (here.mnt_id != there.mnt_id || is_top) return at;
    at = static_cast<Fd&&>(above);
  }
  return at.valid() ? Fd(-sys::kELOOP) : static_cast<Fd&&>(at);
}

}  // namespace

bool Runner::run(const RootPropagation& step) {
  constexpr uint64_t kRecursive = 16384;
  Fd root = open_directory("/");
  if (!ok(RootPropagation::set, root.result())) return false;
  return ok(RootPropagation::set, propagate(root.get(), step.propagation & ~kRecursive, (step.propagation & kRecursive) != 0));
}

// pivot_root(2) refuses a new root that is shared or whose parent is, so where the mounts of the namespace stay shared the
// one that holds the rootfs is made private first; else the mount of the rootfs would appear on the host as well.
bool Runner::run(const OpenRoot& step) {
  Fd path = open_directory(step.path.data);
  if (!ok(OpenRoot::open, path.result())) return false;
  sys::FileStat stat{};
  if (!ok(OpenRoot::check, sys::statx(path.get(), "", sys::kAtEmptyPath, &stat))) return false;
  if ((stat.mode & sys::kTypeMask) != sys::kTypeDirectory) return fail(OpenRoot::check, -sys::kENOTDIR);
  if (step.privateParent) {
    Fd parent = root_of_mount(path.get());
    if (!ok(OpenRoot::private_, parent.result())) return false;
    if (!ok(OpenRoot::private_, propagate(parent.get(), kPrivate, false))) return false;
  }
  Fd tree(sys::clone_tree(path.get(), true));
  if (!ok(OpenRoot::clone, tree.result())) return false;
  if (!ok(OpenRoot::attach, sys::move_mount(tree.get(), path.get()))) return false;
  root_ = static_cast<Fd&&>(tree);
  return true;
}

bool Runner::run(const UseRoot& step) {
  root_ = open_directory(step.path.data);
  return ok(UseRoot::open, root_.result());
}

// With the same directory as new root and as place of the old one, the old root ends up on top of the new one, and no
// directory has to be made for it (pivot_root(2)). It is made a slave first, or its unmounting would reach the host.
bool Runner::run(const PivotRoot&) {
  Fd old = open_directory("/");
  if (!ok(PivotRoot::enter, old.result())) return false;
  if (!ok(PivotRoot::enter, sys::fchdir(root_.get()))) return false;
  if (!ok(PivotRoot::pivot, sys::pivot_root(".", "."))) return false;
  if (!ok(PivotRoot::detach, sys::fchdir(old.get()))) return false;
  if (!ok(PivotRoot::detach, propagate(old.get(), kSlave, true))) return false;
  if (!ok(PivotRoot::detach, sys::umount2(".", kDetach))) return false;
  return ok(PivotRoot::chdir, sys::chdir("/"));
}

bool Runner::run(const MoveRoot&) {
  Fd old = open_directory("/");
  if (!ok(MoveRoot::enter, old.result())) return false;
  if (!ok(MoveRoot::enter, sys::fchdir(root_.get()))) return false;
  if (!ok(MoveRoot::move, sys::move_mount(root_.get(), old.get()))) return false;
  if (!ok(MoveRoot::chroot, sys::chroot("."))) return false;
  return ok(MoveRoot::chdir, sys::chdir("/"));
}

bool Runner::run(const ChrootOnly&) {
  if (!ok(ChrootOnly::enter, sys::fchdir(root_.get()))) return false;
  if (!ok(ChrootOnly::chroot, sys::chroot("."))) return false;
  return ok(ChrootOnly::chdir, sys::chdir("/"));
}

bool Runner::run(const ReadonlyRoot&) {
  constexpr uint64_t kReadOnlyMount = 1;
  return ok(ReadonlyRoot::attributes,
            sys::mount_setattr(root_.get(), static_cast<unsigned>(sys::kAtEmptyPath), {kReadOnlyMount, 0, 0, 0}));
}

bool Runner::run(const FinalPropagation& step) {
  return ok(FinalPropagation::set, propagate(root_.get(), step.propagation, step.recursive));
}
