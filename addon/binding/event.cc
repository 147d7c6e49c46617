#include "event.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "thread.h"

namespace runts {
namespace {

struct Read {
  int descriptor;

  // The counter itself tells nothing: several events may have become one.
  Failure run() {
    uint64_t counter = 0;
    while (read(descriptor, &counter, sizeof counter) < 0) {
      if (errno != EINTR) {
        return {"read", errno};
      }
    }
    return {};
  }

  napi_value result(napi_env env) { return makeNull(env); }
};

}  // namespace

// () → descriptor
napi_value eventfd(const Call& call) {
  int descriptor = ::eventfd(0, EFD_CLOEXEC);
  return descriptor < 0 ? call.fail({"eventfd", errno}) : makeInteger(call.env(), descriptor);
}

// (descriptor): settles when somebody has written to it since the last time
napi_value readEventAsync(const Call& call) { return onThread(call, Read{call.integer(0)}); }

// () → [read end, which does not block; write end]
napi_value pipe(const Call& call) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) {
    return call.fail({"pipe2", errno});
  }
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
    Failure failure = {"fcntl(F_SETFL)", errno};
    close(ends[0]);
    close(ends[1]);
    return call.fail(failure);
  }
  return makeIntegers(call.env(), ends, 2);
}

}  // namespace runts
