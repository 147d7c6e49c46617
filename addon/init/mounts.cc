// Mounts: made and configured while nobody can see them, then attached to a descriptor of their target.
#include "copy-up.h"
#include "runner.h"

namespace {

constexpr unsigned kEmptyPath = static_cast<unsigned>(sys::kAtEmptyPath);
constexpr unsigned kRecursive = static_cast<unsigned>(sys::kAtRecursive);
constexpr uint64_t kNoSymlinks = 0x4;
constexpr unsigned kSetFlag = 0, kSetString = 1, kCreate = 6, kReconfigure = 7;
constexpr unsigned kFsCloseOnExec = 1, kPickEmptyPath = 8;
constexpr size_t kLongestValue = 255;

[[nodiscard]] bool is_directory(const sys::FileStat& stat) { return (stat.mode & sys::kTypeMask) == sys::kTypeDirectory; }

}  // namespace

// The kernel says in words what it dislikes about an option; its text begins with a letter for the severity.
void Runner::note_fs_log(int fs) {
  char text[192];
  const long size = sys::read(fs, text, sizeof(text) - 1);
  if (size <= 2) return;
  text[size] = '\0';
  detail_.add(text[1] == ' ' ? text + 2 : text);
}

// `key=value` is a string, anything else a flag. Returns 0 or a negative errno.
long Runner::set_option(int fs, const char* option) {
  size_t key = 0;
  while (option[key] != '\0' && option[key] != '=') key++;
  if (key == 0 || key > kLongestValue) return -sys::kEINVAL;
  if (option[key] == '\0') return sys::fsconfig(fs, kSetFlag, option, nullptr, 0);
  if (length(option + key + 1) > kLongestValue) return -sys::kE2BIG;
  memcpy(scratch_, option, key);
  scratch_[key] = '\0';
  return sys::fsconfig(fs, kSetString, scratch_, option + key + 1, 0);
}

// A place to mount on, made if it is missing. A mount inside procfs could hide what the security of the container rests
// on (CVE-2019-19921, CVE-2025-52881), so only the files that the compiler allows are taken, without links on the way.
Fd Runner::mount_target(const char* path, bool directory, bool in_proc, bool strict) {
  if (strict || in_proc) {
    Fd target = in_root(path, sys::kPath, kNoSymlinks);
    if (target.valid() || target.result() != -sys::kENOENT) return target;
  }
  Fd target = make_in_root(path, directory, directory ? 0755 : 0644);
  if (target.valid() && on_procfs(target.get())) {
    detail_.add("the target lies inside /proc");
    return Fd(-sys::kEPERM);
  }
  if (strict && target.valid()) return in_root(path, sys::kPath, kNoSymlinks);
  return target;
}

// A detached file system with at most one option.
Fd Runner::new_filesystem(const char* type, const char* option, unsigned attributes) {
  Fd fs(sys::fsopen(type, kFsCloseOnExec));
  if (!fs.valid()) return fs;
  if (option != nullptr) {
    const long set = set_option(fs.get(), option);
    if (set < 0) return Fd(set);
  }
  const long created = sys::fsconfig(fs.get(), kCreate, nullptr, nullptr, 0);
  if (created < 0) return Fd(created);
  return Fd(sys::fsmount(fs.get(), kFsCloseOnExec, attributes));
}

bool Runner::run(const MountFilesystem& step) {
  Fd target = mount_target(step.target_.data, true, false, step.strictTarget);
  if (!ok(MountFilesystem::target, target.result())) return false;
  Fd fs(sys::fsopen(step.type_.data, kFsCloseOnExec));
  if (!ok(MountFilesystem::type, fs.result())) return false;
  if (!step.source_.empty() &&
      !ok(MountFilesystem::source, sys::fsconfig(fs.get(), kSetString, "source", step.source_.data, 0))) {
    note_fs_log(fs.get());
    return false;
  }
  for (const Text option : step.options) {
    if (ok(MountFilesystem::option, set_option(fs.get(), option.data))) continue;
    detail_.add("option ");
    detail_.add(option.data);
    detail_.add(": ");
    note_fs_log(fs.get());
    return false;
  }
  if (!ok(MountFilesystem::create, sys::fsconfig(fs.get(), kCreate, nullptr, nullptr, 0))) {
    note_fs_log(fs.get());
    return false;
  }
  Fd mount(sys::fsmount(fs.get(), kFsCloseOnExec, static_cast<unsigned>(step.attributes)));
  if (!ok(MountFilesystem::mount, mount.result())) {
    note_fs_log(fs.get());
    return false;
  }
  if (step.copyUp_ && !ok(MountFilesystem::copyUp, copy_up(target.get(), mount.get()))) return false;
  if (!ok(MountFilesystem::attach, sys::move_mount(mount.get(), target.get()))) return false;
  if (step.propagation_ == 0) return true;
  return ok(MountFilesystem::propagation, sys::mount_setattr(mount.get(), kEmptyPath, {0, 0, step.propagation_, 0}));
}

bool Runner::run(const CloneSource& step) {
  if (step.slot < slot_count_ || step.slot >= kMaxSlots) return malformed();
  Fd source(sys::openat(sys::kAtFdcwd, step.path.data, sys::kPath));
  if (!ok(CloneSource::open, source.result())) return false;
  const unsigned deep = step.recursive ? kRecursive : 0u;
  Fd tree(sys::clone_tree(source.get(), step.recursive));
  if (!ok(CloneSource::clone, tree.result())) return false;
  if (step.propagation_ != 0 &&
      !ok(CloneSource::propagation, sys::mount_setattr(tree.get(), kEmptyPath | deep, {0, 0, step.propagation_, 0}))) {
    return false;
  }
  slots_[step.slot] = static_cast<int>(tree.release());
  return true;
}

bool Runner::run(const MountBind& step) {
  sys::FileStat stat{};
  Fd tree;
  if (step.sourceSlot != kNoSlot) {
    if (step.sourceSlot < slot_count_ || step.sourceSlot >= kMaxSlots) return malformed();
    tree = Fd(slots_[step.sourceSlot]);
    slots_[step.sourceSlot] = -1;
    if (!ok(MountBind::source, sys::statx(tree.get(), "", sys::kAtEmptyPath, &stat))) return false;
  } else {
    Fd source(sys::openat(sys::kAtFdcwd, step.source_.data, sys::kPath));
    if (!ok(MountBind::source, source.result())) return false;
    if (!ok(MountBind::source, sys::statx(source.get(), "", sys::kAtEmptyPath, &stat))) return false;
    tree = Fd(sys::clone_tree(source.get(), step.recursive));
    if (!ok(MountBind::clone, tree.result())) return false;
  }
  Fd target = mount_target(step.target_.data, is_directory(stat), step.procTarget, false);
  if (!ok(MountBind::target, target.result())) return false;
  // move_mount(2) would only say EINVAL of a directory on a file.
  const bool to_directory = is_directory(stat);
  if (!ok(MountBind::target, sys::statx(target.get(), "", sys::kAtEmptyPath, &stat))) return false;
  if (is_directory(stat) != to_directory) return fail(MountBind::attach, -sys::kENOTDIR);
  if ((step.set | step.clear) != 0 &&
      !ok(MountBind::attributes, sys::mount_setattr(tree.get(), kEmptyPath, {step.set, step.clear, 0, 0}))) {
    return false;
  }
  if ((step.recursiveSet | step.recursiveClear) != 0 &&
      !ok(MountBind::recursiveAttributes,
          sys::mount_setattr(tree.get(), kEmptyPath | kRecursive, {step.recursiveSet, step.recursiveClear, 0, 0}))) {
    return false;
  }
  if (!ok(MountBind::attach, sys::move_mount(tree.get(), target.get()))) return false;
  if (step.propagation_ == 0) return true;
  return ok(MountBind::propagation, sys::mount_setattr(tree.get(), kEmptyPath | (step.recursivePropagation ? kRecursive : 0u),
                                                       {0, 0, step.propagation_, 0}));
}

bool Runner::run(const ChangeMount& step) {
  Fd target = in_root(step.target_.data, sys::kPath);
  if (!ok(ChangeMount::target, target.result())) return false;
  return ok(ChangeMount::attributes, sys::mount_setattr(target.get(), kEmptyPath | (step.recursive ? kRecursive : 0u),
                                                        {step.set, step.clear, step.propagation, 0}));
}

bool Runner::run(const Reconfigure& step) {
  Fd target = in_root(step.target_.data, sys::kPath);
  if (!ok(Reconfigure::target, target.result())) return false;
  Fd fs(sys::fspick(target.get(), "", kFsCloseOnExec | kPickEmptyPath));
  if (!ok(Reconfigure::pick, fs.result())) return false;
  for (const Text option : step.options) {
    if (ok(Reconfigure::option, set_option(fs.get(), option.data))) continue;
    detail_.add("option ");
    detail_.add(option.data);
    detail_.add(": ");
    note_fs_log(fs.get());
    return false;
  }
  if (!ok(Reconfigure::reconfigure, sys::fsconfig(fs.get(), kReconfigure, nullptr, nullptr, 0))) {
    note_fs_log(fs.get());
    return false;
  }
  if ((step.set | step.clear) == 0) return true;
  return ok(Reconfigure::attributes, sys::mount_setattr(target.get(), kEmptyPath, {step.set, step.clear, 0, 0}));
}
