#include "lock.h"

#include <errno.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/vfs.h>

namespace runts {

// (descriptor, shared, non-blocking) → whether the lock is held now
napi_value lockFile(const Call& call) {
  int operation = (call.flag(1) ? LOCK_SH : LOCK_EX) | (call.flag(2) ? LOCK_NB : 0);
  while (flock(call.integer(0), operation) < 0) {
    if (errno == EWOULDBLOCK) {
      return makeFlag(call.env(), false);
    }
    if (errno != EINTR) {
      return call.fail({"flock", errno});
    }
  }
  return makeFlag(call.env(), true);
}

// (path) → f_type
napi_value statfsType(const Call& call) {
  char path[PATH_MAX];
  Failure failure = call.text(0, path, sizeof path);
  if (failure) {
    return call.fail(failure);
  }
  struct statfs information;
  if (statfs(path, &information) < 0) {
    return call.fail({"statfs", errno});
  }
  // Magic numbers are 32 bits wide; f_type is a signed word on some architectures.
  return makeInteger(call.env(), static_cast<uint32_t>(information.f_type));
}

}  // namespace runts
