#include "report.h"

namespace {

struct Vector {
  void* base;
  size_t size;
};

struct Message {  // struct msghdr of a 64-bit kernel
  void* name;
  int name_size, pad0;
  Vector* vectors;
  size_t vector_count;
  void* control;
  size_t control_size;
  int flags, pad1;
};

struct ControlHeader {
  size_t size;
  int level, type;
};

constexpr int kNoSignal = 0x4000;
constexpr int kCloseOnExecReceived = 0x40000000;
constexpr int kTruncated = 0x20, kControlTruncated = 0x8;
constexpr int kSocketLevel = 1, kRights = 1;

}  // namespace

long send_record(int channel, const RecordMessage& record, int fd) {
  struct {
    ControlHeader header;
    int fd;
    int pad;
  } control{{sizeof(ControlHeader) + sizeof(int), kSocketLevel, kRights}, fd, 0};
  Vector vector{const_cast<RecordMessage*>(&record), sizeof(record)};
  Message message{nullptr, 0, 0, &vector, 1, nullptr, 0, 0, 0};
  if (fd >= 0) {
    message.control = &control;
    message.control_size = sizeof(control);
  }
  long sent;
  do {
    sent = sys::sendmsg(channel, &message, kNoSignal);
  } while (sent == -sys::kEINTR);
  if (sent < 0) return sent;
  return sent == static_cast<long>(sizeof(record)) ? 0 : -sys::kEIO;
}

long receive_order(int channel, OrderMessage& order, int* fds, uint32_t capacity, uint32_t& count) {
  alignas(8) unsigned char control[sizeof(ControlHeader) + kMaxSlots * sizeof(int)];
  Vector vector{&order, sizeof(order)};
  Message message{nullptr, 0, 0, &vector, 1, control, sizeof(ControlHeader) + capacity * sizeof(int), 0, 0};
  count = 0;
  long received;
  do {
    received = sys::recvmsg(channel, &message, kCloseOnExecReceived);
  } while (received == -sys::kEINTR);
  if (received < 0) return received;
  if (message.control_size >= sizeof(ControlHeader)) {
    ControlHeader header;
    memcpy(&header, control, sizeof(header));
    if (header.level != kSocketLevel || header.type != kRights) return -sys::kEPROTO;
    count = static_cast<uint32_t>((header.size - sizeof(header)) / sizeof(int));
    if (count > capacity) return -sys::kEPROTO;
    memcpy(fds, control + sizeof(header), count * sizeof(int));
  }
  if (received == 0) return -sys::kEPIPE;
  if ((message.flags & (kTruncated | kControlTruncated)) != 0) return -sys::kEPROTO;
  if (received != static_cast<long>(sizeof(order)) || order.magic != kOrderMagic) return -sys::kEPROTO;
  return 0;
}
