#include "mount.h"

#include <errno.h>
#include <limits.h>
#include <sys/mount.h>

namespace runts {

// (path)
napi_value detachMount(const Call& call) {
  char path[PATH_MAX];
  Failure failure = call.text(0, path, sizeof path);
  if (failure) {
    return call.fail(failure);
  }
  return umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 ? call.fail({"umount2", errno}) : call.nothing();
}

}  // namespace runts
