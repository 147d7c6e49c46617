// The helper: receives one plan, carries its steps out in order, and reports. It holds no policy.
//
// It starts as the outer helper, which enters existing namespaces and forks init into the new ones; the child
// goes on with the steps of init and becomes the container's program. Everything it needs is in the plan.
#include <linux/memfd.h>
#include <linux/prctl.h>

#include <new>

#include "runner.h"

namespace {

constexpr uint64_t kPlanMagic = 0x6e616c7073746e72ULL;
constexpr int kChannel = 3;
constexpr uint32_t kMaxPlanBytes = 64u << 20;

struct Header {
  uint64_t magic, table_hash;
  uint32_t total, steps, slots, first_own, fault_step, fault_sub, fault_error, reserved;
};
static_assert(sizeof(Header) == 48);

[[noreturn]] void refuse(int channel, uint32_t error, const char* why) {
  RecordMessage record{};
  record.magic = kRecordMagic;
  record.type = static_cast<uint32_t>(Record::failed);
  record.step = 0xffffffff;
  record.sub = 0xffffffff;
  record.error = error;
  for (uint32_t i = 0; why[i] != '\0' && i < sizeof(record.detail) - 1; i++) record.detail[i] = why[i];
  // When even this cannot be said, the runtime sees the end of file without a record, which is an error of its own.
  sys::exit(send_record(channel, record, -1) == 0 ? 1 : 2);
}

// The plan must not change while it is read: only a sealed memory file is accepted.
[[nodiscard]] const unsigned char* map_plan(int channel, int fd, uint32_t size) {
  constexpr int kGetSeals = 1024 + 10;
  constexpr long kSeals = 0x2 | 0x4 | 0x8;  // shrink, grow, write
  const long seals = sys::fcntl(fd, kGetSeals, 0);
  if (seals < 0 || (seals & kSeals) != kSeals) refuse(channel, sys::kEPERM, "the plan is not sealed");
  sys::FileStat stat{};
  if (sys::statx(fd, "", sys::kAtEmptyPath, &stat) < 0 || stat.size != size) {
    refuse(channel, sys::kEBADMSG, "the plan has another size than announced");
  }
  constexpr int kProtRead = 1, kPrivate = 2;
  const long address = sys::mmap(size, kProtRead, kPrivate, fd);
  if (address < 0 && address > -4096) refuse(channel, static_cast<uint32_t>(-address), "mmap of the plan");
  return reinterpret_cast<const unsigned char*>(address);
}

// Room for the argument vectors of every program that the plan executes; the only memory that is ever asked for.
[[nodiscard]] char** map_pointers(int channel, uint32_t plan_size, uint32_t& count) {
  count = plan_size / 4 + 64;
  constexpr int kProtReadWrite = 3, kPrivateAnonymous = 0x22;
  const long address = sys::mmap(size_t{count} * sizeof(char*), kProtReadWrite, kPrivateAnonymous, -1);
  if (address < 0 && address > -4096) refuse(channel, static_cast<uint32_t>(-address), "mmap of the vectors");
  return reinterpret_cast<char**>(address);
}

// Moves a descriptor out of the numbers that the container's program will have.
[[nodiscard]] int move_up(int channel, int fd, uint32_t floor) {
  if (static_cast<uint32_t>(fd) >= floor) return fd;
  constexpr int kDuplicateCloseOnExec = 1030;
  const long moved = sys::fcntl(fd, kDuplicateCloseOnExec, static_cast<long>(floor));
  if (moved < 0) refuse(channel, static_cast<uint32_t>(-moved), "moving a descriptor");
  if (sys::close(fd) < 0) refuse(channel, sys::kEBADF, "closing a descriptor");
  return static_cast<int>(moved);
}

void carry_out(int channel) {
  OrderMessage order{};
  int fds[kMaxSlots];
  uint32_t fd_count = 0;
  const long received = receive_order(channel, order, fds, kMaxSlots, fd_count);
  if (received == -sys::kEPIPE) sys::exit(0);  // The runtime gave up before it had a plan.
  if (received < 0) refuse(channel, static_cast<uint32_t>(-received), "receiving the plan");
  if (order.type != static_cast<uint32_t>(Order::plan) || fd_count < 1 || order.value < sizeof(Header) ||
      order.value > kMaxPlanBytes) {
    refuse(channel, sys::kEPROTO, "expected a plan");
  }

  const unsigned char* plan = map_plan(channel, fds[0], order.value);
  Header header;
  memcpy(&header, plan, sizeof(header));
  if (header.magic != kPlanMagic || header.table_hash != kTableHash) {
    refuse(channel, sys::kEBADMSG, "the plan was made for another helper");
  }
  if (header.total != order.value || header.slots != fd_count - 1 || header.reserved != 0) {
    refuse(channel, sys::kEBADMSG, "the plan and what came with it disagree");
  }
  if (header.first_own < 3 || header.first_own > 65536) {
    refuse(channel, sys::kEBADMSG, "the first own descriptor is out of range");
  }
  if (sys::close(fds[0]) < 0) refuse(channel, sys::kEBADF, "closing the plan");

  static int slots[kMaxSlots];
  for (uint32_t i = 0; i < kMaxSlots; i++) slots[i] = -1;
  // One descriptor below the floor stays free for accept(2): a process whose limit is low must still be startable.
  for (uint32_t i = 0; i < header.slots; i++) slots[i] = move_up(channel, fds[i + 1], header.first_own);
  const int own = move_up(channel, channel, header.first_own);

  uint32_t pointer_count = 0;
  char** pointers = map_pointers(channel, order.value, pointer_count);
  // In a room of its own: a static object with a destructor would need a C++ runtime library to register it.
  alignas(Runner) static unsigned char room[sizeof(Runner)];
  Runner& runner = *new (room) Runner(own, slots, header.slots, pointers, pointer_count);
  runner.set_descriptor_floor(header.first_own);
  runner.ask_fault(header.fault_step, header.fault_sub, header.fault_error);
  runner.open_procfs();

  Reader records(plan + sizeof(header), order.value - sizeof(header));
  for (uint32_t i = 0; i < header.steps; i++) {
    uint32_t kind = 0, index = 0, size = 0;
    Reader payload(nullptr, 0);
    const bool whole =
        records.read(kind) && records.read(index) && records.read(size) && records.take(size, payload);
    runner.begin(whole ? index : 0xffffffff);
    const bool mine = whole && (actorOf(static_cast<Kind>(kind)) == Actor::init) == runner.is_init();
    if (!(mine ? dispatch(static_cast<Kind>(kind), payload, runner) : runner.malformed())) {
      runner.report_failure();
      sys::exit(1);
    }
  }
  runner.begin(0xffffffff);
  if (runner.malformed()) sys::exit(1);
  runner.report_failure();  // A plan that ends without executing anything is not a plan.
  sys::exit(1);
}

}  // namespace

extern "C" [[noreturn]] void helper_main() {
  // From here until execve nobody may attach to this process or read its memory (CVE-2016-9962).
  if (sys::prctl(PR_SET_DUMPABLE, 0) < 0) refuse(kChannel, sys::kEPERM, "PR_SET_DUMPABLE");
  if (sys::prctl(PR_SET_NAME, sys::as_long("runts:[1:OUTER]")) < 0) refuse(kChannel, sys::kEPERM, "PR_SET_NAME");
  sys::umask(0);
  carry_out(kChannel);
  sys::exit(1);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n  xor %ebp, %ebp\n  and $-16, %rsp\n  call helper_main\n  ud2\n");
#else
__asm__(".globl _start\n_start:\n  mov x29, #0\n  mov x30, #0\n  bl helper_main\n  brk #1\n");
#endif

extern "C" {
void* memcpy(void* to, const void* from, size_t size) {
  auto* target = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  for (size_t i = 0; i < size; i++) target[i] = source[i];
  return to;
}
void* memmove(void* to, const void* from, size_t size) {
  auto* target = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  if (target < source) {
    for (size_t i = 0; i < size; i++) target[i] = source[i];
  } else {
    for (size_t i = size; i > 0; i--) target[i - 1] = source[i - 1];
  }
  return to;
}
void* memset(void* to, int value, size_t size) {
  auto* target = static_cast<unsigned char*>(to);
  for (size_t i = 0; i < size; i++) target[i] = static_cast<unsigned char>(value);
  return to;
}
int memcmp(const void* a, const void* b, size_t size) {
  const auto* left = static_cast<const unsigned char*>(a);
  const auto* right = static_cast<const unsigned char*>(b);
  for (size_t i = 0; i < size; i++) {
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}
}
