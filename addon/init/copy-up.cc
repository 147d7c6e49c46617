#include "copy-up.h"

#include "runner.h"

namespace {

constexpr int kDeepest = 256;

struct Entry {  // struct linux_dirent64
  uint64_t ino;
  int64_t offset;
  uint16_t size;
  uint8_t type;
  char name[1];
};
constexpr size_t kNameAt = 19;

[[nodiscard]] long copy_content(int from, int to, uint64_t size) {
  while (size > 0) {
    const long copied = sys::call(__NR_sendfile, to, from, 0, sys::as_long(size < 0x7ffff000 ? size : 0x7ffff000));
    if (copied < 0) return copied;
    if (copied == 0) return 0;  // It became shorter meanwhile.
    size -= static_cast<uint64_t>(copied);
  }
  return 0;
}

[[nodiscard]] long copy_file(int from, const char* name, int to, const sys::FileStat& stat) {
  Fd source(sys::openat(from, name, sys::kReadOnly | sys::kNoFollow));
  if (!source.valid()) return source.result();
  Fd copy(sys::openat(to, name, sys::kWriteOnly | sys::kCreate | sys::kExclusive, 0600));
  if (!copy.valid()) return copy.result();
  const long copied = copy_content(source.get(), copy.get(), stat.size);
  if (copied < 0) return copied;
  const long owned = sys::fchownat(copy.get(), "", stat.uid, stat.gid, sys::kAtEmptyPath);
  // Last, because a change of the owner clears the set-id bits.
  return owned < 0 ? owned : sys::fchmod(copy.get(), stat.mode & 07777u);
}

[[nodiscard]] long copy_directory(int from, int to, int depth);

[[nodiscard]] long copy_entry(int from, const char* name, int to, int depth) {
  sys::FileStat stat{};
  const long known = sys::statx(from, name, sys::kAtSymlinkNofollow, &stat);
  if (known < 0) return known;
  const uint32_t type = stat.mode & sys::kTypeMask;
  if (type == sys::kTypeRegular) return copy_file(from, name, to, stat);
  if (type == sys::kTypeDirectory) {
    const long made = sys::mkdirat(to, name, 0700);
    if (made < 0) return made;
    Fd source(sys::openat(from, name, sys::kReadOnly | sys::kDirectory | sys::kNoFollow));
    if (!source.valid()) return source.result();
    Fd copy(sys::openat(to, name, sys::kReadOnly | sys::kDirectory | sys::kNoFollow));
    if (!copy.valid()) return copy.result();
    return copy_directory(source.get(), copy.get(), depth + 1);
  }
  if (type == sys::kTypeLink) {
    static char content[4096];
    const long size = sys::readlinkat(from, name, content, sizeof(content) - 1);
    if (size < 0) return size;
    content[size] = '\0';
    const long made = sys::symlinkat(content, to, name);
    return made < 0 ? made : sys::fchownat(to, name, stat.uid, stat.gid, sys::kAtSymlinkNofollow);
  }
  constexpr uint64_t kMinorLow = 0xff, kMinorShift = 12, kMajorShift = 8;
  const uint64_t device = (stat.rdev_minor & kMinorLow) | (uint64_t{stat.rdev_major} << kMajorShift) |
                          ((uint64_t{stat.rdev_minor} & ~kMinorLow) << kMinorShift);
  const long made = sys::mknodat(to, name, stat.mode, device);
  return made < 0 ? made : sys::fchownat(to, name, stat.uid, stat.gid, sys::kAtSymlinkNofollow);
}

[[nodiscard]] long copy_directory(int from, int to, int depth) {
  if (depth > kDeepest) return -sys::kELOOP;
  alignas(8) char entries[2048];
  for (;;) {
    const long size = sys::getdents(from, entries, sizeof(entries));
    if (size < 0) return size;
    if (size == 0) break;
    for (long at = 0; at < size;) {
      Entry entry;
      memcpy(&entry, entries + at, kNameAt);
      const char* name = entries + at + kNameAt;
      at += entry.size;
      if (same(name, ".") || same(name, "..")) continue;
      const long copied = copy_entry(from, name, to, depth);
      if (copied < 0) return copied;
    }
  }
  sys::FileStat stat{};
  const long known = sys::statx(from, "", sys::kAtEmptyPath, &stat);
  if (known < 0) return known;
  const long owned = sys::fchownat(to, "", stat.uid, stat.gid, sys::kAtEmptyPath);
  return owned < 0 ? owned : sys::fchmod(to, stat.mode & 07777u);
}

}  // namespace

long copy_up(int from, int to) {
  // Both may be O_PATH descriptors, which cannot be read.
  Fd source(sys::openat(from, ".", sys::kReadOnly | sys::kDirectory));
  if (!source.valid()) return source.result();
  Fd copy(sys::openat(to, ".", sys::kReadOnly | sys::kDirectory));
  if (!copy.valid()) return copy.result();
  return copy_directory(source.get(), copy.get(), 0);
}
