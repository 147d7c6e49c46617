#include "lock.h"

#include <errno.h>
#include <sys/file.h>

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

}  // namespace runts
