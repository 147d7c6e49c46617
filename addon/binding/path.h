// A path on its way from JavaScript to the kernel.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include "call.h"

namespace runts {

// A path as the kernel takes it; one with a NUL byte, at which C would silently end it, is EINVAL.
class Path {
 public:
  Path(const Call& call, size_t index) : failure_(call.text(index, text_, sizeof text_)) {}

  const Failure& failure() const { return failure_; }
  const char* text() const { return text_; }

 private:
  char text_[PATH_MAX];
  Failure failure_;
};

inline int openAgain(const char* path, int flags, mode_t mode) {
  int file = -1;
  do {
    file = open(path, flags | O_CLOEXEC, mode);
  } while (file < 0 && errno == EINTR);
  return file;
}

// The result of a call with one path that gives nothing.
inline napi_value finish(const Call& call, const Path& path, const char* syscall, int (*act)(const char*)) {
  if (path.failure()) {
    return call.fail(path.failure());
  }
  return act(path.text()) < 0 ? call.fail({syscall, errno}) : call.nothing();
}

}  // namespace runts
