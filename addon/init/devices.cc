// Device nodes and the terminal.
#include "runner.h"

namespace {


[[nodiscard]] uint64_t device_number(uint32_t major, uint32_t minor) {
  return (minor & 0xffu) | (uint64_t{major & 0xfffu} << 8) | (uint64_t{minor & ~0xffu} << 12);
}

[[nodiscard]] bool is_device(const sys::FileStat& stat, uint32_t type, uint32_t major, uint32_t minor) {
  if ((stat.mode & sys::kTypeMask) != type) return false;
  return type == sys::kTypeFifo || (stat.rdev_major == major && stat.rdev_minor == minor);
}

// `self/fd/N` below procfs: how the file behind an O_PATH descriptor can be changed on any kernel (fchmodat(2)).
struct DescriptorPath {
  Detail text{};
  explicit DescriptorPath(int fd) {
    text.add("self/fd/");
    text.add_number(static_cast<uint64_t>(fd));
  }
};

}  // namespace

// The mode and owner are set by descriptor, after it was seen that it is the device: the rootfs is not trusted.
bool Runner::run(const MakeDevice& step) {
  const uint32_t type = step.mode_ & sys::kTypeMask;
  const char* name = nullptr;
  Fd parent = parent_in_root(step.target.data, name);
  if (!ok(MakeDevice::parent, parent.result())) return false;
  const uint64_t number = type == sys::kTypeFifo ? 0 : device_number(step.major, step.minor);
  const long made = sys::mknodat(parent.get(), name, step.mode_, number);
  if (!ok(MakeDevice::make, made == -sys::kEEXIST ? 0 : made)) return false;
  Fd node(sys::openat(parent.get(), name, sys::kPath | sys::kNoFollow));
  sys::FileStat stat{};
  if (!ok(MakeDevice::check, node.result())) return false;
  if (!ok(MakeDevice::check, sys::statx(node.get(), "", sys::kAtEmptyPath, &stat))) return false;
  if (!is_device(stat, type, step.major, step.minor)) return fail(MakeDevice::check, -sys::kEEXIST);
  if ((stat.mode & 07777u) != (step.mode_ & 07777u)) {
    const DescriptorPath path(node.get());
    if (!ok(MakeDevice::mode, sys::fchmodat(procfs_.get(), path.text.text, step.mode_ & 07777u))) return false;
  }
  if (!step.ownerGiven) return true;
  return ok(MakeDevice::owner, sys::fchownat(node.get(), "", step.uid, step.gid, sys::kAtEmptyPath));
}

bool Runner::run(const BindDevice& step) {
  Fd source(sys::openat(sys::kAtFdcwd, step.source_.data, sys::kPath));
  if (!ok(BindDevice::source, source.result())) return false;
  sys::FileStat stat{};
  if (!ok(BindDevice::check, sys::statx(source.get(), "", sys::kAtEmptyPath, &stat))) return false;
  if (!is_device(stat, step.type, step.major, step.minor)) return fail(BindDevice::check, -sys::kENODEV);
  Fd tree(sys::clone_tree(source.get(), false));
  if (!ok(BindDevice::clone, tree.result())) return false;
  Fd target = mount_target(step.target_.data, false, false, false);
  if (!ok(BindDevice::target, target.result())) return false;
  return ok(BindDevice::attach, sys::move_mount(tree.get(), target.get()));
}

// The terminal comes from the container's own devpts, so that its name means the same inside. /dev/pts/ptmx is looked up
// without links and seen to be on devpts, because the rootfs could offer anything under that name.
bool Runner::run(const OpenConsole& step) {
  constexpr uint64_t kNoSymlinks = 0x4;
  constexpr unsigned long kSetLock = 0x40045431, kGetPeer = 0x5441, kSetSize = 0x5414, kSetControlling = 0x540e;
  constexpr int kTerminal = sys::kReadWrite | sys::kNoControllingTty;
  Fd found = in_root("/dev/pts/ptmx", sys::kPath, kNoSymlinks);
  if (!ok(OpenConsole::open, found.result())) return false;
  sys::FsStat fs{};
  if (!ok(OpenConsole::check, sys::fstatfs(found.get(), &fs))) return false;
  if (!ok(OpenConsole::check, fs.type == sys::kDevpts ? 0 : -sys::kENODEV)) return false;
  // Kept where a step fails: with it the terminal would hang up, and its session with it, before the report.
  Fd& master = terminal_;
  master = reopen(found, "/dev/pts/ptmx", kTerminal, kNoSymlinks);
  if (!ok(OpenConsole::open, master.result())) return false;
  if (!ok(OpenConsole::check, sys::fstatfs(master.get(), &fs))) return false;
  if (!ok(OpenConsole::check, fs.type == sys::kDevpts ? 0 : -sys::kENODEV)) return false;
  const int unlocked = 0;
  if (!ok(OpenConsole::unlock, sys::ioctl(master.get(), kSetLock, sys::as_long(&unlocked)))) return false;
  Fd peer(sys::ioctl(master.get(), kGetPeer, kTerminal | sys::kCloseOnExec));
  if (!ok(OpenConsole::peer, peer.result())) return false;
  if (step.rows != 0 || step.columns != 0) {
    const uint16_t size[4] = {static_cast<uint16_t>(step.rows), static_cast<uint16_t>(step.columns), 0, 0};
    if (!ok(OpenConsole::size, sys::ioctl(peer.get(), kSetSize, sys::as_long(size)))) return false;
  }
  if (step.bindConsole) {
    Fd tree(sys::clone_tree(peer.get(), false));
    if (!ok(OpenConsole::clone, tree.result())) return false;
    Fd target = mount_target("/dev/console", false, false, false);
    if (!ok(OpenConsole::target, target.result())) return false;
    if (!ok(OpenConsole::attach, sys::move_mount(tree.get(), target.get()))) return false;
  }
  if (!ok(OpenConsole::control, sys::ioctl(peer.get(), kSetControlling, 0))) return false;
  for (int fd = 0; fd < 3; fd++) {
    if (!ok(OpenConsole::stdio, sys::dup3(peer.get(), fd, 0))) return false;
  }
  if (!ok(OpenConsole::send, tell(Record::terminal, 0, master.get()))) return false;
  master.reset();
  return true;
}
