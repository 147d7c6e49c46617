// Notes the signals of this process in pipes, a byte each, for whoever reads them when it suits.
//
// Signals come to a whole process, so this is kept for all of its threads and environments: who reads, and what was
// done about a signal before. The handler runs on any thread, in the middle of anything: it walks the list of the
// readers, writes, and takes no lock (signal-safety(7)).
#include "signals.h"

#include <atomic>
#include <cstdlib>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

namespace runts {
namespace {

struct Reader {
  std::atomic<Reader*> next;
  // Bit n - 1 for signal n.
  uint64_t wanted;
  int readEnd;
  int writeEnd;
};

struct Disposition {
  struct sigaction before;
  int readers;
};

// Held where the list or a disposition changes.
pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER;
Disposition dispositions[NSIG];
std::atomic<Reader*> readers;
// Handlers that may be looking at the list: none, and what has been taken from it can be freed.
std::atomic<int> walking;

bool has(uint64_t signals, int signal) { return (signals >> (signal - 1) & 1) != 0; }

void write(const Reader& reader, int signal) {
  auto number = static_cast<uint8_t>(signal);
  // EAGAIN: 65,536 signals that nobody has read are enough.
  [[maybe_unused]] ssize_t size = ::write(reader.writeEnd, &number, sizeof number);
}

// What programs install by way of Node.js goes on to be called. Its own handlers are told by their not restarting
// system calls: it ends the process on SIGINT and SIGTERM, and starts its debugger on SIGUSR1.
void passToEarlierHandler(int signal, siginfo_t* info, void* context) {
  const struct sigaction& before = dispositions[signal].before;
  if ((before.sa_flags & SA_RESTART) == 0 || before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
    return;
  }
  if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(signal, info, context);
  } else {
    before.sa_handler(signal);
  }
}

void note(int signal, siginfo_t* info, void* context) {
  int error = errno;
  if ((signal == SIGTTIN || signal == SIGTTOU) && info->si_code == SI_KERNEL) {
    // A terminal that this process uses from the background: were it not stopped, it would try again for ever.
    kill(getpid(), SIGSTOP);
  } else {
    walking.fetch_add(1);
    for (const Reader* reader = readers.load(); reader != nullptr; reader = reader->next.load()) {
      if (has(reader->wanted, signal)) {
        write(*reader, signal);
      }
    }
    walking.fetch_sub(1);
    passToEarlierHandler(signal, info, context);
  }
  errno = error;
}

// Not those that no process handles, and those between that the C library keeps to itself.
uint64_t signalsWithout(const Bytes& except) {
  uint64_t result = 0;
  for (int signal = 1; signal < NSIG; ++signal) {
    bool isOfLibrary = signal >= __SIGRTMIN && signal < SIGRTMIN;
    if (signal != SIGKILL && signal != SIGSTOP && !isOfLibrary) {
      result |= uint64_t{1} << (signal - 1);
    }
  }
  for (size_t index = 0; index < except.size; ++index) {
    result &= ~(uint64_t{1} << (except.data[index] - 1));
  }
  return result;
}

void handle(int signal) {
  Disposition& disposition = dispositions[signal];
  if (++disposition.readers > 1) {
    return;
  }
  struct sigaction now = {};
  expect(sigaction(signal, nullptr, &now) == 0, "a signal cannot be asked for");
  // Left by a handler that had been put over ours, and has put it back: what was before ours is known.
  if (now.sa_sigaction == note) {
    return;
  }
  disposition.before = now;
  // Ignored, they let a terminal be used from the background: handled, that would be tried again for ever.
  if ((signal == SIGTTIN || signal == SIGTTOU) && now.sa_handler == SIG_IGN) {
    return;
  }
  struct sigaction action = {};
  action.sa_sigaction = note;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  // One at a time on a thread; on another one the next may come at the same moment.
  sigfillset(&action.sa_mask);
  // Two calls, because the handler may run before a single one has told what was there.
  expect(sigaction(signal, &action, nullptr) == 0, "a signal cannot be handled");
}

void giveBack(int signal) {
  Disposition& disposition = dispositions[signal];
  if (--disposition.readers > 0) {
    return;
  }
  struct sigaction now = {};
  // Whoever has installed another handler meanwhile keeps it.
  if (sigaction(signal, nullptr, &now) == 0 && now.sa_sigaction == note) {
    sigaction(signal, &disposition.before, nullptr);
  }
}

template <typename Change>
void forEach(uint64_t signals, Change change) {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (has(signals, signal)) {
      change(signal);
    }
  }
}

// The place in the list that leads to a reader; to none where there is no such one.
std::atomic<Reader*>* placeOf(int readEnd) {
  std::atomic<Reader*>* place = &readers;
  for (Reader* reader = place->load(); reader != nullptr && reader->readEnd != readEnd; reader = place->load()) {
    place = &reader->next;
  }
  return place;
}

}  // namespace

// (numbers of signals to leave alone) → read end of the pipe, which does not block
napi_value noteSignals(const Call& call) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
    return call.fail({"pipe2", errno});
  }
  auto* reader = static_cast<Reader*>(calloc(1, sizeof(Reader)));
  expect(reader != nullptr, "out of memory");
  reader->wanted = signalsWithout(call.bytes(0));
  reader->readEnd = ends[0];
  reader->writeEnd = ends[1];
  pthread_mutex_lock(&changing);
  reader->next.store(readers.load());
  readers.store(reader);
  forEach(reader->wanted, handle);
  pthread_mutex_unlock(&changing);
  return makeInteger(call.env(), ends[0]);
}

// (read end): closes both
napi_value forgetSignals(const Call& call) {
  pthread_mutex_lock(&changing);
  std::atomic<Reader*>* place = placeOf(call.integer(0));
  Reader* reader = place->load();
  expect(reader != nullptr, "these signals are not noted");
  // In this order: a signal that comes in between is noted, rather than met by a handler without a reader.
  forEach(reader->wanted, giveBack);
  place->store(reader->next.load());
  pthread_mutex_unlock(&changing);
  while (walking.load() > 0) {
    sched_yield();
  }
  close(reader->readEnd);
  close(reader->writeEnd);
  free(reader);
  return call.nothing();
}

}  // namespace runts
