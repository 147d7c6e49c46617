#include "runner.h"

#include <linux/prctl.h>

void Detail::add_number(uint64_t number) {
  char digits[21];
  uint32_t at = sizeof(digits) - 1;
  digits[at] = '\0';
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  add(digits + at);
}

bool Runner::ok(uint32_t sub, long result) {
  if (step_ == fault_step_ && sub == fault_sub_) result = -static_cast<long>(fault_error_);
  if (result >= 0) return true;
  sub_ = sub;
  failure_ = -result;
  return false;
}

RecordMessage Runner::message(Record type) const {
  RecordMessage record{};
  record.magic = kRecordMagic;
  record.type = static_cast<uint32_t>(type);
  record.step = step_;
  record.sub = sub_;
  return record;
}

long Runner::tell(Record type, uint32_t value, int fd) {
  RecordMessage record = message(type);
  record.value = value;
  return send_record(channel_, record, fd);
}

void Runner::report_failure() {
  RecordMessage record = message(Record::failed);
  record.error = static_cast<uint32_t>(failure_);
  for (uint32_t i = 0; i < detail_.size; i++) record.detail[i] = detail_.text[i];
  // After the seccomp filter is loaded, write(2) is the call that a profile most likely still allows. Nothing more
  // can be done when it fails: the runtime sees an end of file without a success.
  const long sent = announced_ ? sys::write(channel_, &record, sizeof(record)) : send_record(channel_, record, -1);
  if (sent < 0) sys::exit(2);
}

// The host's procfs, from before any mount of the container: what the container's root offers as /proc is not trusted.
// A host without it fails only the steps that need it.
void Runner::open_procfs() {
  Fd fd(sys::openat(sys::kAtFdcwd, "/proc", sys::kPath | sys::kDirectory));
  sys::FsStat stat{};
  if (!fd.valid() || sys::fstatfs(fd.get(), &stat) < 0 || stat.type != sys::kProcfs) return;
  // Above the numbers that the container's program will have: it is still needed when those are placed.
  constexpr int kDuplicateCloseOnExec = 1030;
  procfs_ = Fd(sys::fcntl(fd.get(), kDuplicateCloseOnExec, static_cast<long>(floor_)));
}

bool Runner::on_procfs(int fd) {
  sys::FsStat stat{};
  return sys::fstatfs(fd, &stat) == 0 && stat.type == sys::kProcfs;
}

// Writes to a file of the host's procfs. The descriptor is checked, because a mount over /proc could redirect the write
// (CVE-2019-16884).
bool Runner::write_proc(uint32_t open, uint32_t check, uint32_t write, const char* path, const char* text, size_t size) {
  Fd fd(sys::openat(procfs_.get(), path, sys::kWriteOnly));
  if (!ok(open, procfs_.valid() ? fd.result() : procfs_.result())) return false;
  if (!ok(check, on_procfs(fd.get()) ? 0 : -sys::kEPERM)) return false;
  const long written = sys::write(fd.get(), text, size);
  return ok(write, written >= 0 && written != static_cast<long>(size) ? -sys::kEIO : written);
}

bool Runner::run(const Barrier& step) {
  if (!ok(Barrier::tell, tell(Record::barrier, step.stage, -1))) return false;
  OrderMessage order{};
  uint32_t count = 0;
  const long received = receive_order(channel_, order, nullptr, 0, count);
  // The runtime is gone: without it nobody knows this container, so it ends here.
  if (received == -sys::kEPIPE) sys::exit(1);
  if (!ok(Barrier::wait, received)) return false;
  if (order.type != static_cast<uint32_t>(Order::proceed) || order.value != step.stage) {
    return fail(Barrier::wait, -sys::kEPROTO);
  }
  return true;
}

bool Runner::run(const WaitForStart& step) {
  const int gate = descriptor(step.gate);
  for (;;) {
    Fd connection(sys::accept4(gate, sys::kCloseOnExec));
    if (connection.result() == -sys::kEINTR) continue;
    if (!ok(WaitForStart::accept, connection.result())) return false;
    // The channel to `create` ends here: whatever fails from now on is told to whoever starts the container.
    if (!ok(WaitForStart::accept, sys::dup3(connection.get(), channel_, sys::kCloseOnExec))) return false;
    OrderMessage order{};
    uint32_t count = 0;
    const long received = receive_order(channel_, order, nullptr, 0, count);
    // A `start` that was killed before it said go may be tried again.
    if (received == -sys::kEPIPE) continue;
    if (!ok(WaitForStart::go, received)) return false;
    if (order.type != static_cast<uint32_t>(Order::go)) return fail(WaitForStart::go, -sys::kEPROTO);
    // A second `start` fails at once.
    slots_[step.gate] = -1;
    return ok(WaitForStart::go, sys::close(gate));
  }
}

bool Runner::run(const Announce&) {
  if (!ok(Announce::tell, tell(Record::aboutToExecute, 0, -1))) return false;
  announced_ = true;
  return true;
}
