// Calls on directories, beside those of files.cc.
#include "directories.h"

#include <cstring>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "path.h"

namespace runts {
namespace {

bool isDirectory(int parent, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) {
    return entry.d_type == DT_DIR;
  }
  struct stat status = {};
  return fstatat(parent, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

// The entries of a directory but `.` and `..`; not valid, with the errno of the call before, where it was not opened.
class Listing {
 public:
  explicit Listing(Descriptor directory) : stream_(directory.valid() ? fdopendir(directory.get()) : nullptr) {
    if (stream_ != nullptr) {
      directory.release();
    }
  }
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;
  ~Listing() {
    if (stream_ != nullptr) {
      closedir(stream_);
    }
  }

  bool valid() const { return stream_ != nullptr; }
  int descriptor() const { return dirfd(stream_); }
  // Null at the end, with errno 0, and where reading has failed.
  const dirent* next() const {
    const dirent* entry = nullptr;
    do {
      errno = 0;
      entry = readdir(stream_);
    } while (entry != nullptr && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry;
  }

 private:
  DIR* stream_;
};

Failure removeBelow(int parent, const char* name) {
  if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) {
    return {};
  }
  if (errno != EISDIR) {
    return {"unlink", errno};
  }
  Listing listing(Descriptor(openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)));
  if (!listing.valid()) {
    return errno == ENOENT ? Failure{} : Failure{"open", errno};
  }
  for (const dirent* entry = listing.next(); entry != nullptr; entry = listing.next()) {
    Failure failure = removeBelow(listing.descriptor(), entry->d_name);
    if (failure) {
      return failure;
    }
  }
  if (errno != 0) {
    return {"readdir", errno};
  }
  return unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? Failure{"rmdir", errno} : Failure{};
}

}  // namespace

// (path, mode)
napi_value makeDirectory(const Call& call) {
  Path path(call, 0);
  if (path.failure()) {
    return call.fail(path.failure());
  }
  return mkdir(path.text(), call.natural(1)) < 0 ? call.fail({"mkdir", errno}) : call.nothing();
}

// (path)
napi_value removeDirectory(const Call& call) { return finish(call, Path(call, 0), "rmdir", rmdir); }

// (path)
napi_value removeTree(const Call& call) {
  Path path(call, 0);
  Failure failure = path.failure() ? path.failure() : removeBelow(AT_FDCWD, path.text());
  return failure ? call.fail(failure) : call.nothing();
}

// (path, whether only sub-directories count) → names
napi_value listDirectory(const Call& call) {
  Path path(call, 0);
  if (path.failure()) {
    return call.fail(path.failure());
  }
  Listing listing(Descriptor(openAgain(path.text(), O_RDONLY | O_DIRECTORY, 0)));
  if (!listing.valid()) {
    return call.fail({"open", errno});
  }
  napi_value names = makeArray(call.env(), nullptr, 0);
  for (const dirent* entry = listing.next(); entry != nullptr; entry = listing.next()) {
    if (!call.flag(1) || isDirectory(listing.descriptor(), *entry)) {
      append(call.env(), names, makeText(call.env(), entry->d_name));
    }
  }
  return errno != 0 ? call.fail({"readdir", errno}) : names;
}

}  // namespace runts
