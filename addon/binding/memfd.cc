#include "memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

// Linux 6.3; older headers lack them.
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace runts {
namespace {

int create(const char* name, bool executable) {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int fd = memfd_create(name, kFlags | (executable ? MFD_EXEC : MFD_NOEXEC_SEAL));
  // A kernel before 6.3 refuses flags that it doesn't know.
  return fd < 0 && errno == EINVAL ? memfd_create(name, kFlags) : fd;
}

}  // namespace

Failure makeMemoryFile(const char* name, const Bytes& content, bool seal, bool executable, Descriptor* result) {
  Descriptor file(create(name, executable));
  if (!file.valid()) {
    return {"memfd_create", errno};
  }
  for (size_t done = 0; done < content.size;) {
    ssize_t written = pwrite(file.get(), content.data + done, content.size - done, static_cast<off_t>(done));
    if (written < 0 && errno != EINTR) {
      return {"pwrite", errno};
    }
    done += written < 0 ? 0 : static_cast<size_t>(written);
  }
  constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (seal && fcntl(file.get(), F_ADD_SEALS, kSeals) < 0) {
    return {"fcntl(F_ADD_SEALS)", errno};
  }
  *result = static_cast<Descriptor&&>(file);
  return {};
}

// (name, content, seal) → descriptor
napi_value memfd(const Call& call) {
  // memfd_create(2): 249 bytes without the final NUL.
  char name[250];
  Failure failure = call.text(0, name, sizeof name);
  Descriptor file;
  if (!failure) {
    failure = makeMemoryFile(name, call.bytes(1), call.flag(2), false, &file);
  }
  return failure ? call.fail(failure) : makeInteger(call.env(), file.release());
}

}  // namespace runts
