// What the helper says to the runtime, and what it is told: records of one fixed size on a SOCK_SEQPACKET socket,
// so that a short one can be told from a whole one. src/plan/report.ts is the other end.
#pragma once
#include "sys.h"

enum class Record : uint32_t {
  failed = 1,            // step, sub-step, errno, detail
  child = 2,             // value: pid of init; its pidfd travels along
  barrier = 3,           // value: stage
  terminal = 4,          // the master of the console travels along
  aboutToExecute = 5,    // end of file after this means that the program runs
  seccompListener = 6,   // the listener travels along
};

enum class Order : uint32_t {
  plan = 1,     // value: bytes of the plan; its memory file and the slots travel along
  proceed = 2,  // value: stage
  go = 3,
};

constexpr uint32_t kRecordMagic = 0x72657274;
constexpr uint32_t kOrderMagic = 0x6f726472;
// As many as travel with a plan, and those that steps fill.
constexpr uint32_t kMaxSlots = 512;
constexpr uint32_t kNoSlot = 0xffffffff;

struct RecordMessage {
  uint32_t magic;
  uint32_t type;
  uint32_t step;
  uint32_t sub;
  uint32_t error;
  uint32_t value;
  char detail[232];
};
static_assert(sizeof(RecordMessage) == 256);

struct OrderMessage {
  uint32_t magic;
  uint32_t type;
  uint32_t value;
  uint32_t reserved;
};

// Sends one record, with a descriptor when `fd` is not negative. Returns 0 or a negative errno.
[[nodiscard]] long send_record(int channel, const RecordMessage& record, int fd);

// Receives one order and at most `capacity` descriptors. Returns 0, or a negative errno: EPIPE at end of file,
// EPROTO for anything but a whole order.
[[nodiscard]] long receive_order(int channel, OrderMessage& order, int* fds, uint32_t capacity, uint32_t& count);
