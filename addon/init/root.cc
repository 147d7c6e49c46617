// The container's root: opened once, made a mount, and at last made `/`.
#include "runner.h"

namespace {

constexpr unsigned kClone = 1, kTreeCloseOnExec = 02000000;
constexpr uint64_t kPrivate = 1u << 18, kSlave = 1u << 19;
constexpr int kDetach = 2;

[[nodiscard]] Fd clone_tree(int fd, bool recursive) {
  const unsigned deep = recursive ? static_cast<unsigned>(sys::kAtRecursive) : 0u;
  return Fd(sys::open_tree(fd, "", kClone | kTreeCloseOnExec | static_cast<unsigned>(sys::kAtEmptyPath) | deep));
}

[[nodiscard]] long propagate(int fd, uint64_t propagation, bool recursive) {
  const unsigned deep = recursive ? static_cast<unsigned>(sys::kAtRecursive) : 0u;
  return sys::mount_setattr(fd, static_cast<unsigned>(sys::kAtEmptyPath) | deep, {0, 0, propagation, 0});
}

[[nodiscard]] Fd open_directory(const char* path) {
  return Fd(sys::openat(sys::kAtFdcwd, path, sys::kPath | sys::kDirectory));
}

}  // namespace

bool Runner::run(const RootPropagation& step) {
  constexpr uint64_t kRecursive = 16384;
  Fd root = open_directory("/");
  if (!ok(RootPropagation::set, root.result())) return false;
  return ok(RootPropagation::set, propagate(root.get(), step.propagation & ~kRecursive, (step.propagation & kRecursive) != 0));
}

// pivot_root(2) refuses a new root that is shared or whose parent is. Where the mounts of the namespace stay shared, the
// rootfs is therefore mounted twice: the lower mount, made private, is the parent of the upper one.
bool Runner::run(const OpenRoot& step) {
  Fd path = open_directory(step.path.data);
  if (!ok(OpenRoot::open, path.result())) return false;
  sys::FileStat stat{};
  if (!ok(OpenRoot::check, sys::statx(path.get(), "", sys::kAtEmptyPath, &stat))) return false;
  if ((stat.mode & sys::kTypeMask) != sys::kTypeDirectory) return fail(OpenRoot::check, -sys::kENOTDIR);
  Fd lower = clone_tree(path.get(), true);
  if (!ok(OpenRoot::clone, lower.result())) return false;
  if (!ok(OpenRoot::attach, sys::move_mount(lower.get(), path.get()))) return false;
  if (step.privateParent) {
    Fd upper = clone_tree(path.get(), true);
    if (!ok(OpenRoot::clone, upper.result())) return false;
    if (!ok(OpenRoot::private_, propagate(lower.get(), kPrivate, false))) return false;
    if (!ok(OpenRoot::attach, sys::move_mount(upper.get(), lower.get()))) return false;
    if (!ok(OpenRoot::private_, propagate(upper.get(), kPrivate, false))) return false;
    lower = static_cast<Fd&&>(upper);
  }
  root_ = static_cast<Fd&&>(lower);
  return true;
}

bool Runner::run(const OpenRootOnly& step) {
  root_ = open_directory(step.path.data);
  if (!ok(OpenRootOnly::open, root_.result())) return false;
  sys::FileStat stat{};
  return ok(OpenRootOnly::check, sys::statx(root_.get(), "", sys::kAtEmptyPath, &stat));
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
