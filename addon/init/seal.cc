// Masked and read-only paths. Both are resolved in the container's root before it becomes `/`.
#include "runner.h"

namespace {

constexpr unsigned kEmptyPath = static_cast<unsigned>(sys::kAtEmptyPath);
constexpr unsigned kRecursive = static_cast<unsigned>(sys::kAtRecursive);
constexpr unsigned kReadOnlyMount = 1;

[[nodiscard]] bool is_missing(long result) { return result == -sys::kENOENT || result == -sys::kENOTDIR; }

}  // namespace

// Files are hidden behind the host's /dev/null and not behind the container's, which a concurrent mount could replace
// (CVE-2025-31133). All directories share one empty file system, which nobody can write to.
bool Runner::run(const MaskPath& step) {
  Fd target = in_root(step.target.data, sys::kPath);
  if (is_missing(target.result())) return true;
  if (!ok(MaskPath::open, target.result())) return false;
  sys::FileStat stat{};
  if (!ok(MaskPath::inspect, sys::statx(target.get(), "", sys::kAtEmptyPath, &stat))) return false;
  if ((stat.mode & sys::kTypeMask) != sys::kTypeDirectory) {
    if (!null_device_.valid()) {
      null_device_ = Fd(sys::openat(sys::kAtFdcwd, "/dev/null", sys::kPath | sys::kNoFollow));
      if (!ok(MaskPath::null_, null_device_.result())) return false;
      if (!ok(MaskPath::null_, sys::statx(null_device_.get(), "", sys::kAtEmptyPath, &stat))) return false;
      const bool is_null =
          (stat.mode & sys::kTypeMask) == sys::kTypeCharacter && stat.rdev_major == 1 && stat.rdev_minor == 3;
      if (!ok(MaskPath::null_, is_null ? 0 : -sys::kENODEV)) return false;
    }
    Fd mask(sys::clone_tree(null_device_.get(), false));
    if (!ok(MaskPath::mount, mask.result())) return false;
    return ok(MaskPath::attach, sys::move_mount(mask.get(), target.get()));
  }
  const bool first = !empty_directory_.valid();
  Fd mask = first ? new_filesystem("tmpfs", step.context.empty() ? nullptr : step.context.data, kReadOnlyMount)
                  : Fd(sys::clone_tree(empty_directory_.get(), false));
  if (!ok(MaskPath::mount, mask.result())) return false;
  if (!ok(MaskPath::attach, sys::move_mount(mask.get(), target.get()))) return false;
  if (first) empty_directory_ = static_cast<Fd&&>(mask);
  return true;
}

bool Runner::run(const ReadonlyPath& step) {
  Fd target = in_root(step.target.data, sys::kPath);
  if (is_missing(target.result())) return true;
  if (!ok(ReadonlyPath::open, target.result())) return false;
  Fd tree(sys::clone_tree(target.get(), true));
  if (!ok(ReadonlyPath::clone, tree.result())) return false;
  if (!ok(ReadonlyPath::attributes, sys::mount_setattr(tree.get(), kEmptyPath | kRecursive, {kReadOnlyMount, 0, 0, 0}))) {
    return false;
  }
  return ok(ReadonlyPath::attach, sys::move_mount(tree.get(), target.get()));
}
