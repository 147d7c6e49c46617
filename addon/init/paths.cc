// Paths inside the container's root. Whoever fills the rootfs may plant any symbolic link in it, so a path is resolved by
// the kernel as if the root were `/` (openat2(2), RESOLVE_IN_ROOT), and what is found is used by its descriptor.
#include "runner.h"

namespace {

constexpr uint64_t kNoMagicLinks = 0x2, kInRoot = 0x10;
constexpr int kMostLinks = 40;

[[nodiscard]] size_t last_slash(const char* path, size_t size) {
  while (size > 0 && path[size - 1] != '/') size--;
  return size;
}

}  // namespace

// Never opens a magic link of procfs. The kernel gives EAGAIN when a rename or a mount anywhere meets a `..` on the way
// (openat2(2)); a path that goes on failing so is under attack, and an error.
Fd Runner::in_root(const char* path, uint64_t flags, uint64_t resolve) {
  sys::OpenHow how{flags | static_cast<uint64_t>(sys::kCloseOnExec), 0, resolve | kInRoot | kNoMagicLinks};
  long result = -sys::kEAGAIN;
  for (int attempt = 0; attempt < 128 && result == -sys::kEAGAIN; attempt++) {
    result = sys::openat2(root_.get(), path, how);
  }
  return Fd(result);
}

// Opens for use what was found with kPath and looked at: nothing that the image offers is opened unseen, because opening a
// device or a FIFO can do or wait for something. Where the host's procfs has been given up, it is looked up again.
Fd Runner::reopen(const Fd& found, const char* path, int flags, uint64_t resolve) {
  if (!procfs_.valid()) return in_root(path, static_cast<uint64_t>(flags), resolve);
  Detail descriptor{};
  descriptor.add("self/fd/");
  descriptor.add_number(static_cast<uint64_t>(found.get()));
  descriptor.text[descriptor.size] = '\0';
  return Fd(sys::openat(procfs_.get(), descriptor.text, flags));
}

// The directory that holds the last component of a path, which is made if it is missing; `name` points at the component.
Fd Runner::parent_in_root(const char* path, const char*& name) {
  const size_t size = length(path);
  const size_t cut = last_slash(path, size);
  if (cut >= sizeof(scratch_) || cut == size) return Fd(-sys::kEINVAL);
  name = path + cut;
  memcpy(scratch_, path, cut);
  scratch_[cut] = '\0';
  return make_in_root(cut == 0 ? "/" : scratch_, true, 0755);
}

// Opens a file or directory, making what is missing of the way to it. A link that points to nothing is followed, as
// images with /etc/resolv.conf -> ../run/… expect it, by putting its content into the path and starting anew.
Fd Runner::make_in_root(const char* path, bool directory, uint32_t mode) {
  const size_t given = length(path);
  if (given >= sizeof(path_)) return Fd(-sys::kENAMETOOLONG);
  Fd there = in_root(path, sys::kPath);
  if (there.result() != -sys::kENOENT) return there;
  memmove(path_, path, given + 1);

  constexpr uint64_t kFolder = static_cast<uint64_t>(sys::kPath) | static_cast<uint64_t>(sys::kDirectory);
  int links = 0;
  for (size_t start = 0; path_[start] != '\0';) {
    while (path_[start] == '/') start++;
    size_t end = start;
    while (path_[end] != '\0' && path_[end] != '/') end++;
    if (end == start) break;
    const char after = path_[end];
    path_[end] = '\0';
    const bool last = path_[end + (after == '/' ? 1 : 0)] == '\0';
    Fd found = in_root(path_, sys::kPath);
    if (!found.valid() && found.result() != -sys::kENOENT) return found;
    if (!found.valid()) {
      const char first = path_[start];
      path_[start] = '\0';
      Fd parent = in_root(start == 0 ? "." : path_, kFolder);
      path_[start] = first;
      if (!parent.valid()) return parent;
      const char* name = path_ + start;
      const long made = directory || !last || after == '/' ? sys::mkdirat(parent.get(), name, last ? mode : 0755)
                                                          : sys::mknodat(parent.get(), name, sys::kTypeRegular | mode, 0);
      if (made == -sys::kEEXIST) {
        if (++links > kMostLinks) return Fd(-sys::kELOOP);
        static char link[4096];
        const long read = sys::readlinkat(parent.get(), name, link, sizeof(link));
        // Somebody else was faster: it is there now.
        if (read == -sys::kEINVAL) {
          path_[end] = after;
          continue;
        }
        if (read < 0) return Fd(read);
        const size_t size = static_cast<size_t>(read);
        path_[end] = after;
        const size_t rest = length(path_ + end);
        const size_t at = size > 0 && link[0] == '/' ? 0 : start;
        if (size == 0 || at + size + rest >= sizeof(path_)) return Fd(-sys::kENAMETOOLONG);
        memmove(path_ + at + size, path_ + end, rest + 1);
        memcpy(path_ + at, link, size);
        start = 0;
        continue;
      }
      if (made < 0) return Fd(made);
    }
    path_[end] = after;
    start = end;
  }
  return in_root(path_, sys::kPath);
}

bool Runner::run(const MakeDirectory& step) {
  Fd fd = make_in_root(step.target.data, true, step.mode);
  return ok(MakeDirectory::make, fd.result() == -sys::kEROFS ? 0 : fd.result());
}

bool Runner::run(const Symlink& step) {
  const char* name = nullptr;
  Fd parent = parent_in_root(step.target.data, name);
  if (!ok(Symlink::parent, parent.result())) return false;
  long made = sys::symlinkat(step.content.data, parent.get(), name);
  if (made == -sys::kEEXIST) {
    char there[256];
    const long size = sys::readlinkat(parent.get(), name, there, sizeof(there));
    if (size == static_cast<long>(step.content.size) && memcmp(there, step.content.data, step.content.size) == 0) return true;
    if (!step.replace) return ok(Symlink::check, made);
    // Somebody's file at the place of /dev/ptmx; a directory is not removed.
    if (!ok(Symlink::check, sys::unlinkat(parent.get(), name, 0))) return false;
    made = sys::symlinkat(step.content.data, parent.get(), name);
  }
  return ok(Symlink::make, made);
}
