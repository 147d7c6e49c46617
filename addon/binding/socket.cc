#include "socket.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "descriptor.h"
#include "thread.h"

namespace runts {
namespace {

// SCM_MAX_FD of the kernel: no message carries more.
constexpr size_t kMaximumDescriptors = 253;
// One start gate at a time is opened by one `start`; the rest is room for losers of that race.
constexpr int kBacklog = 16;

struct alignas(cmsghdr) Control {
  char data[CMSG_SPACE(kMaximumDescriptors * sizeof(int))];
};

// One message being received: the arguments, then the outcome.
struct Reception {
  int socket;
  size_t capacity;
  size_t maximumDescriptors;
  uint8_t* data;
  size_t size;
  int descriptors[kMaximumDescriptors];
  size_t count;

  Failure run();
  napi_value result(napi_env env);

 private:
  void takeDescriptors(msghdr* message);
  void drop();
};

// Every SCM_RIGHTS part counts: whatever the kernel has installed in this process must be owned or closed.
void Reception::takeDescriptors(msghdr* message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(message); part != nullptr; part = CMSG_NXTHDR(message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    size_t received = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t index = 0; index < received && count < kMaximumDescriptors; ++index) {
      memcpy(&descriptors[count++], CMSG_DATA(part) + index * sizeof(int), sizeof(int));
    }
  }
}

void Reception::drop() {
  for (size_t index = 0; index < count; ++index) {
    close(descriptors[index]);
  }
  count = 0;
  free(data);
  data = nullptr;
}

Failure Reception::run() {
  data = static_cast<uint8_t*>(malloc(capacity == 0 ? 1 : capacity));
  if (data == nullptr) {
    return {"recvmsg", ENOMEM};
  }
  Control control;
  iovec part = {data, capacity};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data;
  message.msg_controllen = sizeof control.data;
  ssize_t received = 0;
  do {
    received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received < 0) {
    int error = errno;
    drop();
    return {"recvmsg", error};
  }
  size = static_cast<size_t>(received);
  takeDescriptors(&message);
  if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || count > maximumDescriptors) {
    drop();
    return {"recvmsg", EMSGSIZE};
  }
  return {};
}

napi_value Reception::result(napi_env env) {
  // No message of the runtime is empty, so nothing at all is the end of file.
  bool ended = size == 0 && count == 0;
  napi_value message =
      ended ? makeNull(env) : makePair(env, makeBytes(env, data, size), makeIntegers(env, descriptors, count));
  free(data);
  return message;
}

// (socket, most bytes, most descriptors)
Reception reception(const Call& call) {
  Reception result = {};
  result.socket = call.integer(0);
  result.capacity = call.natural(1);
  result.maximumDescriptors = call.natural(2);
  return result;
}

Failure newSocket(int type, Descriptor* result) {
  *result = Descriptor(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  return result->valid() ? Failure{} : Failure{"socket", errno};
}

// sun_path holds 108 bytes; the way through /proc/self/fd makes the length of the real path irrelevant.
bool addressBelow(int directory, const char* name, sockaddr_un* address) {
  *address = {};
  address->sun_family = AF_UNIX;
  int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", directory, name);
  return length > 0 && static_cast<size_t>(length) < sizeof address->sun_path;
}

const sockaddr* generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

Failure addressArguments(const Call& call, sockaddr_un* address) {
  char name[NAME_MAX + 1];
  Failure failure = call.text(1, name, sizeof name);
  if (!failure && !addressBelow(call.integer(0), name, address)) {
    failure = {"socket", ENAMETOOLONG};
  }
  return failure;
}

Failure connectTo(const sockaddr_un& address, int type, Descriptor* result, socklen_t size = sizeof(sockaddr_un)) {
  Failure failure = newSocket(type, result);
  if (failure) {
    return failure;
  }
  while (connect(result->get(), generic(address), size) < 0) {
    if (errno != EINTR) {
      return {"connect", errno};
    }
  }
  return {};
}

// A name in the abstract namespace is all bytes up to the length of the address (unix(7)).
Failure connectToAbstract(const char* name, int type, Descriptor* result) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  size_t length = strlen(name);
  if (length >= sizeof address.sun_path) {
    return {"socket", ENAMETOOLONG};
  }
  memcpy(address.sun_path + 1, name, length);
  return connectTo(address, type, result, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length));
}

napi_value connectToPath(const Call& call, int type) {
  char path[PATH_MAX];
  Descriptor socket;
  Failure failure = call.text(0, path, sizeof path);
  if (!failure && path[0] == '@') {
    failure = connectToAbstract(path + 1, type, &socket);
  } else if (!failure) {
    Descriptor target(open(path, O_PATH | O_CLOEXEC));
    if (!target.valid()) {
      return call.fail({"open", errno});
    }
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", target.get());
    failure = connectTo(address, type, &socket);
  }
  return failure ? call.fail(failure) : makeInteger(call.env(), socket.release());
}

}  // namespace

// () → [descriptor, descriptor]
napi_value socketpair(const Call& call) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
    return call.fail({"socketpair", errno});
  }
  return makeIntegers(call.env(), pair, 2);
}

// (socket): both directions
napi_value shutdownSocket(const Call& call) {
  return shutdown(call.integer(0), SHUT_RDWR) < 0 ? call.fail({"shutdown", errno}) : call.nothing();
}

// (socket, bytes, Int32Array of descriptors)
napi_value sendMessage(const Call& call) {
  Bytes data = call.bytes(1);
  Bytes descriptors = call.bytes(2);
  size_t count = descriptors.size / sizeof(int);
  expect(count <= kMaximumDescriptors, "too many descriptors in one message");
  Control control = {};
  iovec part = {data.data, data.size};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (count != 0) {
    message.msg_control = control.data;
    message.msg_controllen = CMSG_SPACE(descriptors.size);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size);
    memcpy(CMSG_DATA(header), descriptors.data, descriptors.size);
  }
  // Only a stream socket takes a part of a message; the descriptors went with the first one.
  while (part.iov_len != 0) {
    ssize_t sent = sendmsg(call.integer(0), &message, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) {
      return call.fail({"sendmsg", errno});
    }
    if (sent > 0) {
      part.iov_base = static_cast<uint8_t*>(part.iov_base) + sent;
      part.iov_len -= static_cast<size_t>(sent);
      message.msg_control = nullptr;
      message.msg_controllen = 0;
    }
  }
  return call.nothing();
}

// (socket, most bytes, most descriptors) → [bytes, descriptors], or null at the end of file
napi_value receiveMessage(const Call& call) {
  Reception message = reception(call);
  Failure failure = message.run();
  return failure ? call.fail(failure) : message.result(call.env());
}

napi_value receiveMessageAsync(const Call& call) { return onThread(call, reception(call)); }

// (directory, name) → listening descriptor
napi_value listenUnix(const Call& call) {
  sockaddr_un address;
  Descriptor socket;
  Failure failure = addressArguments(call, &address);
  if (!failure) {
    failure = newSocket(SOCK_SEQPACKET, &socket);
  }
  if (failure) {
    return call.fail(failure);
  }
  if (bind(socket.get(), generic(address), sizeof address) < 0) {
    return call.fail({"bind", errno});
  }
  if (listen(socket.get(), kBacklog) < 0) {
    return call.fail({"listen", errno});
  }
  return makeInteger(call.env(), socket.release());
}

// (directory, name) → descriptor that receives datagrams
napi_value bindUnixDatagram(const Call& call) {
  sockaddr_un address;
  Descriptor socket;
  Failure failure = addressArguments(call, &address);
  if (!failure) {
    failure = newSocket(SOCK_DGRAM, &socket);
  }
  if (failure) {
    return call.fail(failure);
  }
  if (bind(socket.get(), generic(address), sizeof address) < 0) {
    return call.fail({"bind", errno});
  }
  return makeInteger(call.env(), socket.release());
}

// (listening descriptor) → connected descriptor
napi_value acceptUnix(const Call& call) {
  int connection = -1;
  do {
    connection = accept4(call.integer(0), nullptr, nullptr, SOCK_CLOEXEC);
  } while (connection < 0 && errno == EINTR);
  return connection < 0 ? call.fail({"accept4", errno}) : makeInteger(call.env(), connection);
}

// (directory, name) → connected descriptor
napi_value connectUnix(const Call& call) {
  sockaddr_un address;
  Descriptor socket;
  Failure failure = addressArguments(call, &address);
  if (!failure) {
    failure = connectTo(address, SOCK_SEQPACKET, &socket);
  }
  return failure ? call.fail(failure) : makeInteger(call.env(), socket.release());
}

// (path) → connected descriptor
napi_value connectUnixStream(const Call& call) { return connectToPath(call, SOCK_STREAM); }

// (path, or the name of an abstract socket behind an @) → descriptor whose datagrams go there
napi_value connectUnixDatagram(const Call& call) { return connectToPath(call, SOCK_DGRAM); }

}  // namespace runts
