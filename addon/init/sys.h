// System calls without a C library: each returns the kernel's result, a negative errno on failure, and the
// compiler refuses to drop it. The helper links nothing, so that what runs before the container's program is
// only what stands in this folder.
#pragma once
#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

namespace sys {

#if defined(__x86_64__)
[[nodiscard]] inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
[[nodiscard]] inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
#else
#error "runts knows x86_64 and aarch64"
#endif

inline long as_long(const void* pointer) { return reinterpret_cast<long>(pointer); }
inline long as_long(uint64_t value) { return static_cast<long>(value); }

// Values of the kernel's interface, named once; <fcntl.h> and its kin belong to a C library.
constexpr int kAtFdcwd = -100;
constexpr int kAtEmptyPath = 0x1000;
constexpr int kAtSymlinkNofollow = 0x100;
constexpr int kAtRecursive = 0x8000;
constexpr int kReadOnly = 0;
constexpr int kWriteOnly = 1;
constexpr int kReadWrite = 2;
constexpr int kCreate = 0100;
constexpr int kExclusive = 0200;
constexpr int kNoControllingTty = 0400;
constexpr int kNonBlocking = 04000;
#if defined(__aarch64__)
constexpr int kDirectory = 040000;
constexpr int kNoFollow = 0100000;
#else
constexpr int kDirectory = 0200000;
constexpr int kNoFollow = 0400000;
#endif
constexpr int kCloseOnExec = 02000000;
constexpr int kPath = 010000000;

constexpr int kEPERM = 1, kENOENT = 2, kEINTR = 4, kEIO = 5, kE2BIG = 7, kEBADF = 9, kECHILD = 10, kEAGAIN = 11, kENOMEM = 12,
              kEACCES = 13, kEBUSY = 16, kEEXIST = 17, kENODEV = 19, kENOTDIR = 20, kEISDIR = 21, kEINVAL = 22, kENOTTY = 25,
              kENOSPC = 28, kEROFS = 30, kEPIPE = 32, kENAMETOOLONG = 36, kENOSYS = 38, kELOOP = 40, kEPROTO = 71,
              kEBADMSG = 74, kEOPNOTSUPP = 95, kETIMEDOUT = 110;

struct Timespec {
  int64_t seconds;
  int64_t nanoseconds;
};

struct FileStat {  // struct statx of <linux/stat.h>, the part that the helper reads
  uint32_t mask, blksize;
  uint64_t attributes;
  uint32_t nlink, uid, gid;
  uint16_t mode, pad0;
  uint64_t ino, size, blocks, attributes_mask;
  uint64_t times[8];
  uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
  uint64_t mnt_id;
  uint64_t spare[13];
};
static_assert(sizeof(FileStat) == 256);

constexpr uint32_t kTypeMask = 0170000, kTypeDirectory = 0040000, kTypeRegular = 0100000, kTypeCharacter = 0020000,
                   kTypeBlock = 0060000, kTypeFifo = 0010000, kTypeLink = 0120000;

struct FsStat {  // struct statfs of a 64-bit kernel
  int64_t type, bsize;
  uint64_t blocks, bfree, bavail, files, ffree;
  int32_t fsid[2];
  int64_t namelen, frsize, flags, spare[4];
};
constexpr int64_t kProcfs = 0x9fa0, kDevpts = 0x1cd1;

[[noreturn]] inline void exit(int code) {
  // It comes back only where a seccomp filter denies it; then there is still the signal that ends a process.
  if (call(__NR_exit_group, code) != 0) __builtin_trap();
  __builtin_unreachable();
}

[[nodiscard]] inline long close(int fd) { return call(__NR_close, fd); }
[[nodiscard]] inline long read(int fd, void* buffer, size_t size) { return call(__NR_read, fd, as_long(buffer), as_long(size)); }
[[nodiscard]] inline long write(int fd, const void* buffer, size_t size) {
  return call(__NR_write, fd, as_long(buffer), as_long(size));
}
[[nodiscard]] inline long openat(int dir, const char* path, int flags, uint32_t mode = 0) {
  return call(__NR_openat, dir, as_long(path), flags | kCloseOnExec, mode);
}
[[nodiscard]] inline long fcntl(int fd, int command, long argument) { return call(__NR_fcntl, fd, command, argument); }
[[nodiscard]] inline long dup3(int from, int to, int flags) { return call(__NR_dup3, from, to, flags); }
[[nodiscard]] inline long statx(int dir, const char* path, int flags, FileStat* out) {
  constexpr uint32_t kBasicAndMount = 0x17ff;
  return call(__NR_statx, dir, as_long(path), flags, kBasicAndMount, as_long(out));
}
[[nodiscard]] inline long fstatfs(int fd, FsStat* out) { return call(__NR_fstatfs, fd, as_long(out)); }
[[nodiscard]] inline long mkdirat(int dir, const char* path, uint32_t mode) {
  return call(__NR_mkdirat, dir, as_long(path), mode);
}
[[nodiscard]] inline long mknodat(int dir, const char* path, uint32_t mode, uint64_t device) {
  return call(__NR_mknodat, dir, as_long(path), mode, as_long(device));
}
[[nodiscard]] inline long symlinkat(const char* content, int dir, const char* path) {
  return call(__NR_symlinkat, as_long(content), dir, as_long(path));
}
[[nodiscard]] inline long readlinkat(int dir, const char* path, char* buffer, size_t size) {
  return call(__NR_readlinkat, dir, as_long(path), as_long(buffer), as_long(size));
}
[[nodiscard]] inline long unlinkat(int dir, const char* path, int flags) { return call(__NR_unlinkat, dir, as_long(path), flags); }
[[nodiscard]] inline long fchownat(int dir, const char* path, uint32_t uid, uint32_t gid, int flags) {
  return call(__NR_fchownat, dir, as_long(path), uid, gid, flags);
}
[[nodiscard]] inline long fchmod(int fd, uint32_t mode) { return call(__NR_fchmod, fd, mode); }
[[nodiscard]] inline long fchmodat(int dir, const char* path, uint32_t mode) {
  return call(__NR_fchmodat, dir, as_long(path), mode);
}
[[nodiscard]] inline long getdents(int fd, void* buffer, size_t size) {
  return call(__NR_getdents64, fd, as_long(buffer), as_long(size));
}
[[nodiscard]] inline long faccessat2(int dir, const char* path, int mode, int flags) {
  return call(__NR_faccessat2, dir, as_long(path), mode, flags);
}
[[nodiscard]] inline long chdir(const char* path) { return call(__NR_chdir, as_long(path)); }
[[nodiscard]] inline long fchdir(int fd) { return call(__NR_fchdir, fd); }
[[nodiscard]] inline long chroot(const char* path) { return call(__NR_chroot, as_long(path)); }
[[nodiscard]] inline long getcwd(char* buffer, size_t size) { return call(__NR_getcwd, as_long(buffer), as_long(size)); }
[[nodiscard]] inline long pivot_root(const char* to, const char* old) { return call(__NR_pivot_root, as_long(to), as_long(old)); }
[[nodiscard]] inline long umount2(const char* path, int flags) { return call(__NR_umount2, as_long(path), flags); }
[[nodiscard]] inline long mount(const char* source, const char* target, const char* type, uint64_t flags, const void* data) {
  return call(__NR_mount, as_long(source), as_long(target), as_long(type), as_long(flags), as_long(data));
}
[[nodiscard]] inline long close_range(unsigned first, unsigned last, unsigned flags) {
  return call(__NR_close_range, first, last, flags);
}
[[nodiscard]] inline long prctl(int option, long a = 0, long b = 0, long c = 0, long d = 0) {
  return call(__NR_prctl, option, a, b, c, d);
}
[[nodiscard]] inline long ioctl(int fd, unsigned long request, long argument) {
  return call(__NR_ioctl, fd, as_long(request), argument);
}
[[nodiscard]] inline long setns(int fd, int type) { return call(__NR_setns, fd, type); }
[[nodiscard]] inline long unshare(uint64_t flags) { return call(__NR_unshare, as_long(flags)); }
[[nodiscard]] inline long socket(int domain, int type, int protocol) { return call(__NR_socket, domain, type, protocol); }
[[nodiscard]] inline long accept4(int fd, int flags) { return call(__NR_accept4, fd, 0, 0, flags); }
[[nodiscard]] inline long sendmsg(int fd, const void* message, int flags) { return call(__NR_sendmsg, fd, as_long(message), flags); }
[[nodiscard]] inline long recvmsg(int fd, void* message, int flags) { return call(__NR_recvmsg, fd, as_long(message), flags); }
[[nodiscard]] inline long mmap(size_t size, int protection, int flags, int fd) {
  return call(__NR_mmap, 0, as_long(size), protection, flags, fd, 0);
}
[[nodiscard]] inline long setsid() { return call(__NR_setsid); }
[[nodiscard]] inline long setresuid(uint32_t uid) { return call(__NR_setresuid, uid, uid, uid); }
[[nodiscard]] inline long setresgid(uint32_t gid) { return call(__NR_setresgid, gid, gid, gid); }
[[nodiscard]] inline long setgroups(size_t count, const uint32_t* groups) {
  return call(__NR_setgroups, as_long(count), as_long(groups));
}
inline uint32_t umask(uint32_t mask) { return static_cast<uint32_t>(call(__NR_umask, mask)); }
[[nodiscard]] inline long prlimit(int pid, uint32_t resource, const void* set, void* get) {
  return call(__NR_prlimit64, pid, resource, as_long(set), as_long(get));
}
[[nodiscard]] inline long poll(void* fds, unsigned count, const Timespec* timeout) {
  return call(__NR_ppoll, as_long(fds), count, as_long(timeout), 0, 8);
}
[[nodiscard]] inline long execve(const char* path, char* const* argv, char* const* envp) {
  return call(__NR_execve, as_long(path), as_long(argv), as_long(envp));
}
[[nodiscard]] inline long waitid(int type, int id, void* info, int options) {
  return call(__NR_waitid, type, id, as_long(info), options, 0);
}
[[nodiscard]] inline long pidfd_send_signal(int pidfd, int signal) { return call(__NR_pidfd_send_signal, pidfd, signal, 0, 0); }
[[nodiscard]] inline long pipe2(int* ends, int flags) { return call(__NR_pipe2, as_long(ends), flags); }
struct CloneArguments {  // struct clone_args of <linux/sched.h>
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};
[[nodiscard]] inline long clone3(const CloneArguments& arguments) {
  return call(__NR_clone3, as_long(&arguments), sizeof(arguments));
}
[[nodiscard]] inline long open_tree(int dir, const char* path, unsigned flags) {
  return call(__NR_open_tree, dir, as_long(path), flags);
}
// A detached copy of the mount that a descriptor stands for, with the mounts below it if asked for.
[[nodiscard]] inline long clone_tree(int fd, bool recursive) {
  constexpr unsigned kClone = 1, kClosesOnExec = 02000000;
  const unsigned deep = recursive ? static_cast<unsigned>(kAtRecursive) : 0u;
  return open_tree(fd, "", kClone | kClosesOnExec | static_cast<unsigned>(kAtEmptyPath) | deep);
}
[[nodiscard]] inline long move_mount(int from, int to) {
  constexpr unsigned kFromEmpty = 0x4, kToEmpty = 0x40;
  return call(__NR_move_mount, from, as_long(""), to, as_long(""), kFromEmpty | kToEmpty);
}
[[nodiscard]] inline long fsopen(const char* type, unsigned flags) { return call(__NR_fsopen, as_long(type), flags); }
[[nodiscard]] inline long fspick(int dir, const char* path, unsigned flags) {
  return call(__NR_fspick, dir, as_long(path), flags);
}
[[nodiscard]] inline long fsconfig(int fd, unsigned command, const char* key, const void* value, int auxiliary) {
  return call(__NR_fsconfig, fd, command, as_long(key), as_long(value), auxiliary);
}
[[nodiscard]] inline long fsmount(int fd, unsigned flags, unsigned attributes) {
  return call(__NR_fsmount, fd, flags, attributes);
}
struct MountAttributes {
  uint64_t set, clear, propagation, userns_fd;
};
[[nodiscard]] inline long mount_setattr(int fd, unsigned flags, const MountAttributes& attributes) {
  return call(__NR_mount_setattr, fd, as_long(""), flags, as_long(&attributes), sizeof(attributes));
}
struct OpenHow {
  uint64_t flags, mode, resolve;
};
[[nodiscard]] inline long openat2(int dir, const char* path, const OpenHow& how) {
  return call(__NR_openat2, dir, as_long(path), as_long(&how), sizeof(how));
}

}  // namespace sys

// The compiler may ask for these four by itself.
extern "C" {
void* memcpy(void* to, const void* from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int value, size_t size);
int memcmp(const void* a, const void* b, size_t size);
}
