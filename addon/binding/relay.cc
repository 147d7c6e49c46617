// Copies between a container's terminal and the caller's standard streams, in both directions at once.
//
// Neither direction may block the other: a program that prints without reading must not stop because somebody pasted
// more than the terminal's input queue holds. So a side is read only while the other side's buffer is empty, and
// written only when poll says so. Only the master, which is ours alone, is made non-blocking: the caller's streams are
// shared with the caller's shell, and O_NONBLOCK would outlive us there.
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "thread.h"

namespace runts {
namespace {

// POLLOUT on a pipe promises room for PIPE_BUF bytes, which is this much on Linux.
constexpr size_t kBufferSize = 4096;
// More than a terminal holds (640 KiB of buffers, tty_buffer.c, and 4 KiB of line discipline): whoever goes on
// printing after the program's end is not waited for.
constexpr size_t kMostAfterEnd = 1024 * 1024;

struct Buffer {
  char data[kBufferSize];
  size_t start;
  size_t end;

  bool empty() const { return start == end; }
};

// What a read or a write came to.
enum class Outcome { kMoved, kLater, kEnded };

Outcome fill(int source, Buffer* buffer) {
  ssize_t size = read(source, buffer->data, sizeof buffer->data);
  if (size > 0) {
    buffer->start = 0;
    buffer->end = static_cast<size_t>(size);
    return Outcome::kMoved;
  }
  // EIO is how a master says that no one has the terminal open any more.
  return size < 0 && (errno == EAGAIN || errno == EINTR) ? Outcome::kLater : Outcome::kEnded;
}

Outcome drain(int target, Buffer* buffer) {
  ssize_t size = write(target, buffer->data + buffer->start, buffer->end - buffer->start);
  if (size < 0) {
    return errno == EAGAIN || errno == EINTR ? Outcome::kLater : Outcome::kEnded;
  }
  buffer->start += static_cast<size_t>(size);
  return Outcome::kMoved;
}

struct Relay {
  int master;
  // -1 where there is none, or not any more: poll skips negative descriptors.
  int input;
  int output;
  int until;
  bool last;
  size_t afterEnd;
  Buffer toMaster;
  Buffer toOutput;

  Failure run();
  napi_value result(napi_env env) {
    napi_value undefined = nullptr;
    napi_get_undefined(env, &undefined);
    return undefined;
  }

 private:
  bool step(const pollfd* items);
};

enum Item { kMasterItem, kInputItem, kOutputItem, kUntilItem, kItems };

// Returns false at the end.
bool Relay::step(const pollfd* items) {
  if (items[kUntilItem].revents != 0) {
    // The program has ended. What it printed is still in the terminal; a process that it left behind may keep the
    // terminal open for ever, so from now on an empty terminal is the end.
    last = true;
    until = -1;
    input = -1;
  }
  if (items[kOutputItem].revents != 0 && !toOutput.empty() && drain(output, &toOutput) == Outcome::kEnded) {
    // Nobody reads us any more; the program must still be able to print.
    output = -1;
    toOutput.start = toOutput.end;
  }
  if (items[kInputItem].revents != 0 && toMaster.empty() && fill(input, &toMaster) == Outcome::kEnded) {
    input = -1;
  }
  if ((items[kMasterItem].revents & POLLOUT) != 0 && !toMaster.empty()) {
    if (drain(master, &toMaster) == Outcome::kEnded) {
      toMaster.start = toMaster.end;
    }
  }
  if ((last || (items[kMasterItem].revents & ~POLLOUT) != 0) && toOutput.empty()) {
    Outcome outcome = fill(master, &toOutput);
    // Before it says EAGAIN the kernel brings in what is still on its way from the other side (n_tty_read).
    if (outcome == Outcome::kEnded || (outcome == Outcome::kLater && last) || afterEnd > kMostAfterEnd) {
      return false;
    }
    afterEnd += last ? toOutput.end - toOutput.start : 0;
    if (output < 0) {
      toOutput.start = toOutput.end;
    }
  }
  return true;
}

// The threads of this addon block every signal, and the kernel fails the read of a background process that blocks
// SIGTTIN. Unblocked, it stops the process until the shell brings it back, as its user expects.
void allowJobControl() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTTIN);
  sigaddset(&signals, SIGTTOU);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

Failure Relay::run() {
  allowJobControl();
  int flags = fcntl(master, F_GETFL);
  if (flags < 0 || fcntl(master, F_SETFL, flags | O_NONBLOCK) < 0) {
    return {"fcntl(F_SETFL)", errno};
  }
  for (;;) {
    bool full = !toOutput.empty();
    short masterEvents = static_cast<short>((full ? 0 : POLLIN) | (toMaster.empty() ? 0 : POLLOUT));
    pollfd items[kItems] = {};
    // POLLHUP comes unasked: a master that waits for nothing is left out, or poll would spin on it.
    items[kMasterItem] = {masterEvents == 0 ? -1 : master, masterEvents, 0};
    items[kInputItem] = {toMaster.empty() ? input : -1, POLLIN, 0};
    items[kOutputItem] = {full ? output : -1, POLLOUT, 0};
    items[kUntilItem] = {until, POLLIN, 0};
    if (poll(items, kItems, last && !full ? 0 : -1) < 0 && errno != EINTR) {
      return {"poll", errno};
    }
    if (!step(items)) {
      return {};
    }
  }
}

}  // namespace

// (master, input or -1, output, descriptor whose readability ends it or -1) → promise
napi_value relay(const Call& call) {
  Relay state = {};
  state.master = call.integer(0);
  state.input = call.integer(1);
  state.output = call.integer(2);
  state.until = call.integer(3);
  return onThread(call, state);
}

}  // namespace runts
