// Calls on files.
#include "files.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "descriptor.h"
#include "path.h"

namespace runts {
namespace {

// Memory of malloc, freed at the end of its scope.
class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { free(data_); }

  char* data() const { return data_; }
  bool resize(size_t size) {
    void* moved = realloc(data_, size);
    if (moved != nullptr) {
      data_ = static_cast<char*>(moved);
    }
    return moved != nullptr;
  }

 private:
  char* data_ = nullptr;
};

// What is to be written: a typed array as it is, or a string as UTF-8.
class Content {
 public:
  Content(const Call& call, size_t index) {
    if (!call.isText(index)) {
      bytes_ = call.bytes(index);
      return;
    }
    size_t size = call.textSize(index);
    expect(memory_.resize(size + 1), "no memory for a text");
    call.copyText(index, memory_.data(), size + 1);
    bytes_ = {reinterpret_cast<uint8_t*>(memory_.data()), size};
  }

  const Bytes& bytes() const { return bytes_; }

 private:
  Memory memory_;
  Bytes bytes_;
};

ssize_t readAgain(int file, void* target, size_t size) {
  ssize_t count = 0;
  do {
    count = read(file, target, size);
  } while (count < 0 && errno == EINTR);
  return count;
}

ssize_t writeAgain(int file, const void* source, size_t size) {
  ssize_t count = 0;
  do {
    count = write(file, source, size);
  } while (count < 0 && errno == EINTR);
  return count;
}

// Somebody else may have made a pipe or a terminal that is ours too non-blocking.
Failure waitUntil(short ready, int file) {
  pollfd item = {file, ready, 0};
  while (poll(&item, 1, -1) < 0) {
    if (errno != EINTR) {
      return {"poll", errno};
    }
  }
  return {};
}

// Up to the end of the file, whose size is not believed: files of /proc have none.
Failure readAll(int file, Memory* memory, size_t* size) {
  size_t capacity = 16384;
  if (!memory->resize(capacity)) {
    return {"read", ENOMEM};
  }
  *size = 0;
  for (;;) {
    ssize_t count = readAgain(file, memory->data() + *size, capacity - *size);
    if (count < 0) {
      Failure failure = errno == EAGAIN ? waitUntil(POLLIN, file) : Failure{"read", errno};
      if (failure) {
        return failure;
      }
      continue;
    }
    if (count == 0) {
      return {};
    }
    *size += static_cast<size_t>(count);
    if (*size == capacity) {
      capacity *= 4;
      if (!memory->resize(capacity)) {
        return {"read", ENOMEM};
      }
    }
  }
}

Failure readPath(const Path& path, Memory* memory, size_t* size) {
  if (path.failure()) {
    return path.failure();
  }
  Descriptor file(openAgain(path.text(), O_RDONLY, 0));
  return file.valid() ? readAll(file.get(), memory, size) : Failure{"open", errno};
}

Failure writeAll(int file, const Bytes& content) {
  for (size_t done = 0; done < content.size;) {
    ssize_t count = writeAgain(file, content.data + done, content.size - done);
    if (count >= 0) {
      done += static_cast<size_t>(count);
      continue;
    }
    Failure failure = errno == EAGAIN ? waitUntil(POLLOUT, file) : Failure{"write", errno};
    if (failure) {
      return failure;
    }
  }
  return {};
}

napi_value makeStatus(napi_env env, const struct stat& status) {
  const napi_value values[] = {makeInteger(env, status.st_mode), makeInteger(env, status.st_uid),
                               makeInteger(env, status.st_gid), makeInteger(env, status.st_size),
                               makeInteger(env, status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000)};
  return makeArray(env, values, 5);
}

}  // namespace

// (path, flags, mode) → descriptor
napi_value openFile(const Call& call) {
  Path path(call, 0);
  if (path.failure()) {
    return call.fail(path.failure());
  }
  int file = openAgain(path.text(), call.integer(1), call.natural(2));
  return file < 0 ? call.fail({"open", errno}) : makeInteger(call.env(), file);
}

// (descriptor)
napi_value closeFile(const Call& call) {
  // With EINTR it is closed all the same.
  return close(call.integer(0)) < 0 && errno != EINTR ? call.fail({"close", errno}) : call.nothing();
}

// (path) → bytes
napi_value readFile(const Call& call) {
  Memory memory;
  size_t size = 0;
  Failure failure = readPath(Path(call, 0), &memory, &size);
  return failure ? call.fail(failure) : makeBytes(call.env(), memory.data(), size);
}

// (path) → string
napi_value readText(const Call& call) {
  Memory memory;
  size_t size = 0;
  Failure failure = readPath(Path(call, 0), &memory, &size);
  return failure ? call.fail(failure) : makeText(call.env(), memory.data(), size);
}

// (descriptor) → bytes
napi_value readDescriptor(const Call& call) {
  Memory memory;
  size_t size = 0;
  Failure failure = readAll(call.integer(0), &memory, &size);
  return failure ? call.fail(failure) : makeBytes(call.env(), memory.data(), size);
}

// (descriptor, target) → count
napi_value readSome(const Call& call) {
  Bytes target = call.bytes(1);
  ssize_t count = readAgain(call.integer(0), target.data, target.size);
  return count < 0 ? call.fail({"read", errno}) : makeInteger(call.env(), count);
}

// (path, flags, mode, content)
napi_value writeFile(const Call& call) {
  Path path(call, 0);
  if (path.failure()) {
    return call.fail(path.failure());
  }
  Descriptor file(openAgain(path.text(), call.integer(1) | O_WRONLY, call.natural(2)));
  if (!file.valid()) {
    return call.fail({"open", errno});
  }
  Failure failure = writeAll(file.get(), Content(call, 3).bytes());
  return failure ? call.fail(failure) : call.nothing();
}

// (descriptor, content) → count
napi_value writeSome(const Call& call) {
  Content content(call, 1);
  ssize_t count = writeAgain(call.integer(0), content.bytes().data, content.bytes().size);
  return count < 0 ? call.fail({"write", errno}) : makeInteger(call.env(), count);
}

// (descriptor, content)
napi_value writeWhole(const Call& call) {
  Content content(call, 1);
  Failure failure = writeAll(call.integer(0), content.bytes());
  return failure ? call.fail(failure) : call.nothing();
}

// (old path, new path)
napi_value renameFile(const Call& call) {
  Path from(call, 0);
  Path to(call, 1);
  if (from.failure() || to.failure()) {
    return call.fail(from.failure() ? from.failure() : to.failure());
  }
  return rename(from.text(), to.text()) < 0 ? call.fail({"rename", errno}) : call.nothing();
}

// (path)
napi_value removeFile(const Call& call) { return finish(call, Path(call, 0), "unlink", unlink); }

// (path, whether a link is followed) → [mode, uid, gid, bytes, milliseconds of the last change]
napi_value fileStatus(const Call& call) {
  Path path(call, 0);
  struct stat status = {};
  if (path.failure()) {
    return call.fail(path.failure());
  }
  int flags = call.flag(1) ? 0 : AT_SYMLINK_NOFOLLOW;
  return fstatat(AT_FDCWD, path.text(), &status, flags) < 0 ? call.fail({"stat", errno})
                                                            : makeStatus(call.env(), status);
}

// (descriptor) → as fileStatus
napi_value descriptorStatus(const Call& call) {
  struct stat status = {};
  return fstat(call.integer(0), &status) < 0 ? call.fail({"fstat", errno}) : makeStatus(call.env(), status);
}

// (path, descriptor) → whether both are one file; nothing is at the path where it is not
napi_value isSameFile(const Call& call) {
  Path path(call, 0);
  struct stat there = {};
  struct stat held = {};
  if (path.failure() || fstat(call.integer(1), &held) < 0) {
    return call.fail(path.failure() ? path.failure() : Failure{"fstat", errno});
  }
  if (stat(path.text(), &there) < 0) {
    return errno == ENOENT || errno == ENOTDIR ? makeFlag(call.env(), false) : call.fail({"stat", errno});
  }
  return makeFlag(call.env(), there.st_dev == held.st_dev && there.st_ino == held.st_ino);
}

// (path) → target
napi_value readLink(const Call& call) {
  Path path(call, 0);
  if (path.failure()) {
    return call.fail(path.failure());
  }
  char target[PATH_MAX];
  ssize_t size = readlink(path.text(), target, sizeof target);
  return size < 0 ? call.fail({"readlink", errno}) : makeText(call.env(), target, static_cast<size_t>(size));
}

// (path) → absolute path without links
napi_value realPath(const Call& call) {
  Path path(call, 0);
  if (path.failure()) {
    return call.fail(path.failure());
  }
  char resolved[PATH_MAX];
  return realpath(path.text(), resolved) == nullptr ? call.fail({"realpath", errno})
                                                    : makeText(call.env(), resolved);
}

// (descriptor) → magic number of its file system
napi_value fileSystemType(const Call& call) {
  struct statfs status = {};
  return fstatfs(call.integer(0), &status) < 0 ? call.fail({"fstatfs", errno})
                                               : makeInteger(call.env(), status.f_type);
}

// (path, mode)
napi_value changeMode(const Call& call) {
  Path path(call, 0);
  if (path.failure()) {
    return call.fail(path.failure());
  }
  return chmod(path.text(), call.natural(1)) < 0 ? call.fail({"chmod", errno}) : call.nothing();
}

// (path, mode of access(2)) → whether it may
napi_value canAccess(const Call& call) {
  Path path(call, 0);
  return makeFlag(call.env(), !path.failure() && access(path.text(), call.integer(1)) == 0);
}

}  // namespace runts
