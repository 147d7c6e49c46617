// Starts the init helper as a child process.
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "child.h"
#include "descriptor.h"
#include "memfd.h"

// The helper's bytes: by helper-image.cjs, in the binary by interpreter/images.S.
extern "C" {
extern uint8_t runts_helper_start[] __attribute__((visibility("hidden")));
extern uint8_t runts_helper_end[] __attribute__((visibility("hidden")));
}

namespace runts {
namespace {

constexpr const char* kImageName = "runts-init";
constexpr int kControl = 3;
constexpr int kImage = 4;

// `descriptors` become 0, 1, 2, 3 (control) and 4 (the image) in this order.
struct Helper {
  int descriptors[kImage + 1];
  char* const* arguments;
  char* const* environment;
};

Failure execute(void* data) {
  auto* helper = static_cast<Helper*>(data);
  Failure failure = placeDescriptors(helper->descriptors, kImage + 1);
  if (failure) {
    return failure;
  }
  if (fcntl(kImage, F_SETFD, FD_CLOEXEC) < 0) {
    return {"fcntl(F_SETFD)", errno};
  }
  syscall(SYS_execveat, kImage, "", helper->arguments, helper->environment, AT_EMPTY_PATH);
  return {"execveat", errno};
}

}  // namespace

// (standard input, output, error, control, name) → [pid, pidfd]
napi_value spawnHelper(const Call& call) {
  char name[64];
  Failure failure = call.text(4, name, sizeof name);
  Descriptor image;
  if (!failure) {
    Bytes content = {runts_helper_start, static_cast<size_t>(runts_helper_end - runts_helper_start)};
    failure = makeMemoryFile(kImageName, content, true, true, &image);
  }
  if (failure) {
    return call.fail(failure);
  }
  char* arguments[] = {name, nullptr};
  char* environment[] = {nullptr};
  Helper helper = {{call.integer(0), call.integer(1), call.integer(2), call.integer(kControl), image.get()},
                   arguments,
                   environment};
  int child[2] = {-1, -1};
  failure = startChild(execute, &helper, &child[0], &child[1]);
  return failure ? call.fail(failure) : makeIntegers(call.env(), child, 2);
}

}  // namespace runts
