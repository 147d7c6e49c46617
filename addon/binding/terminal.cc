#include "terminal.h"

#include <cstring>

#include <errno.h>
#include <sys/ioctl.h>
#include <termios.h>

namespace runts {
namespace {

// TCSADRAIN: what was written before the change is printed under the old modes.
Failure apply(int terminal, const termios& modes) {
  while (tcsetattr(terminal, TCSADRAIN, &modes) < 0) {
    if (errno != EINTR) {
      return {"tcsetattr", errno};
    }
  }
  return {};
}

}  // namespace

// (terminal) → its modes, opaque
napi_value getTermios(const Call& call) {
  termios modes = {};
  if (tcgetattr(call.integer(0), &modes) < 0) {
    return call.fail({"tcgetattr", errno});
  }
  return makeBytes(call.env(), &modes, sizeof modes);
}

// (terminal, modes)
napi_value setTermios(const Call& call) {
  Bytes bytes = call.bytes(1);
  termios modes = {};
  expect(bytes.size == sizeof modes, "these are not terminal modes");
  memcpy(&modes, bytes.data, sizeof modes);
  Failure failure = apply(call.integer(0), modes);
  return failure ? call.fail(failure) : call.nothing();
}

// (terminal) → the modes before
napi_value makeRaw(const Call& call) {
  termios before = {};
  if (tcgetattr(call.integer(0), &before) < 0) {
    return call.fail({"tcgetattr", errno});
  }
  termios raw = before;
  cfmakeraw(&raw);
  Failure failure = apply(call.integer(0), raw);
  return failure ? call.fail(failure) : makeBytes(call.env(), &before, sizeof before);
}

// (terminal) → [rows, columns]
napi_value getWindowSize(const Call& call) {
  winsize size = {};
  if (ioctl(call.integer(0), TIOCGWINSZ, &size) < 0) {
    return call.fail({"ioctl(TIOCGWINSZ)", errno});
  }
  int result[] = {size.ws_row, size.ws_col};
  return makeIntegers(call.env(), result, 2);
}

// (terminal, rows, columns)
napi_value setWindowSize(const Call& call) {
  winsize size = {};
  size.ws_row = static_cast<unsigned short>(call.natural(1));
  size.ws_col = static_cast<unsigned short>(call.natural(2));
  return ioctl(call.integer(0), TIOCSWINSZ, &size) < 0 ? call.fail({"ioctl(TIOCSWINSZ)", errno}) : call.nothing();
}

}  // namespace runts
