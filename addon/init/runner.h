// The state of the helper while it carries a plan out, and one member for each kind of step.
#pragma once
#include "generated/steps.h"
#include "report.h"

// Owns the result of a call that gives a descriptor; a negative errno owns nothing.
class Fd {
 public:
  explicit Fd(long result = -sys::kEBADF) : result_(result) {}
  Fd(Fd&& other) : result_(other.release()) {}
  Fd& operator=(Fd&& other) {
    if (this != &other) {
      reset();
      result_ = other.release();
    }
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  [[nodiscard]] long result() const { return result_; }
  [[nodiscard]] bool valid() const { return result_ >= 0; }
  [[nodiscard]] int get() const { return static_cast<int>(result_); }
  [[nodiscard]] long release() {
    const long result = result_;
    result_ = -sys::kEBADF;
    return result;
  }
  void reset() {
    // A descriptor that was just opened and never written to: close(2) can report nothing that matters here.
    if (result_ >= 0 && sys::close(get()) < 0) result_ = -sys::kEBADF;
    result_ = -sys::kEBADF;
  }

 private:
  long result_;
};

// A bounded piece of text: what a failure was about.
struct Detail {
  char text[232];
  uint32_t size;
  void clear() { size = 0; }
  void add(const char* more) {
    while (*more != '\0' && size < sizeof(text) - 1) text[size++] = *more++;
  }
  void add_number(uint64_t number);
};

class Runner {
 public:
  Runner(int channel, int* slots, uint32_t slot_count, char** pointers, uint32_t pointer_count)
      : channel_(channel), slots_(slots), slot_count_(slot_count), pointers_(pointers), pointer_count_(pointer_count) {}

#include "generated/run.inc"

  [[nodiscard]] bool malformed() {
    failure_ = sys::kEBADMSG;
    sub_ = 0xffffffff;
    return false;
  }

  // Makes the steps that follow report as the given one; the fault is the failure that a test asks for.
  void begin(uint32_t step) {
    step_ = step;
    sub_ = 0;
    failure_ = 0;
    detail_.clear();
  }
  void ask_fault(uint32_t step, uint32_t sub, uint32_t error) {
    fault_step_ = step;
    fault_sub_ = sub;
    fault_error_ = error;
  }
  void set_descriptor_floor(uint32_t floor) { floor_ = floor; }
  void open_procfs();
  void report_failure();
  [[nodiscard]] bool is_init() const { return is_init_; }

 private:
  // True when `result` is a success and no test asks for a failure here; otherwise the failure is noted.
  [[nodiscard]] bool ok(uint32_t sub, long result);
  [[nodiscard]] bool fail(uint32_t sub, long result) {
    return ok(sub, result < 0 ? result : -sys::kEIO);
  }
  [[nodiscard]] RecordMessage message(Record type) const;
  [[nodiscard]] long tell(Record type, uint32_t value, int fd);

  [[nodiscard]] int descriptor(uint32_t slot) const { return slot < kMaxSlots ? slots_[slot] : -sys::kEBADF; }
  [[nodiscard]] bool write_proc(uint32_t open, uint32_t check, uint32_t write, const char* path, const char* text, size_t size);
  [[nodiscard]] static bool on_procfs(int fd);

  // Paths inside the container's root (paths.cc).
  [[nodiscard]] Fd in_root(const char* path, uint64_t flags, uint64_t resolve = 0);
  [[nodiscard]] Fd make_in_root(const char* path, bool directory, uint32_t mode);
  [[nodiscard]] Fd parent_in_root(const char* path, const char*& name);
  [[nodiscard]] Fd reopen(const Fd& found, const char* path, int flags, uint64_t resolve = 0);

  // Mounts (mounts.cc).
  void note_fs_log(int fs);
  [[nodiscard]] long set_option(int fs, const char* option);
  [[nodiscard]] Fd mount_target(const char* path, bool directory, bool in_proc, bool strict);
  [[nodiscard]] Fd new_filesystem(const char* type, const char* option, unsigned attributes);

  // Programs (program.cc): vectors of pointers into the plan, in the table made when the plan was read.
  [[nodiscard]] char** vector(Texts texts, const char* extra);
  [[nodiscard]] bool take_home(const char* line, const char* end, uint32_t wanted);
  [[nodiscard]] long try_program(const char* directory, size_t directory_size, const char* file);

  int channel_;
  int* slots_;
  uint32_t slot_count_;
  char** pointers_;
  uint32_t pointer_count_;
  uint32_t pointers_used_ = 0;
  uint32_t floor_ = 3;

  Fd root_{};
  Fd procfs_{};
  Fd null_device_{};
  Fd empty_directory_{};
  Fd terminal_{};
  bool is_init_ = false;
  bool in_directory_ = false;
  bool announced_ = false;
  char program_[4096] = {};
  char home_[4096] = {};
  char path_[4096] = {};
  char scratch_[8192] = {};

  uint32_t step_ = 0;
  uint32_t sub_ = 0;
  long failure_ = 0;
  Detail detail_{};
  uint32_t fault_step_ = 0xffffffff;
  uint32_t fault_sub_ = 0;
  uint32_t fault_error_ = 0;
};

[[nodiscard]] inline size_t length(const char* text) {
  size_t size = 0;
  while (text[size] != '\0') size++;
  return size;
}
[[nodiscard]] inline bool same(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) a++, b++;
  return *a == *b;
}
