// The container's program: found as its user, executed at last.
#include "runner.h"

namespace {

constexpr int kExecutable = 1;
constexpr int kAsEffective = 0x200;
constexpr char kHome[] = "HOME=";

// Reads a decimal number that ends in a colon. Returns false for anything else.
[[nodiscard]] bool number_before_colon(const char*& at, const char* end, uint32_t& number) {
  uint64_t value = 0;
  const char* begin = at;
  while (at < end && *at >= '0' && *at <= '9' && value <= 0xffffffff) value = value * 10 + static_cast<uint64_t>(*at++ - '0');
  if (at == begin || at == end || *at != ':' || value > 0xffffffff) return false;
  number = static_cast<uint32_t>(value);
  at++;
  return true;
}

// Skips `count` fields of a line of passwd(5).
[[nodiscard]] bool skip_fields(const char*& at, const char* end, int count) {
  for (; count > 0; count--) {
    while (at < end && *at != ':') at++;
    if (at == end) return false;
    at++;
  }
  return true;
}

}  // namespace

// The texts lie in the plan with a NUL behind each, so a vector only points at them.
char** Runner::vector(Texts texts, const char* extra) {
  if (pointer_count_ - pointers_used_ < texts.count + 2u) return nullptr;
  char** begin = pointers_ + pointers_used_;
  char** at = begin;
  for (const Text text : texts) *at++ = const_cast<char*>(text.data);
  if (extra != nullptr) *at++ = const_cast<char*>(extra);
  *at++ = nullptr;
  pointers_used_ += static_cast<uint32_t>(at - begin);
  return begin;
}

// Sets program_ to directory/file if that can be executed. Returns 0 or a negative errno.
long Runner::try_program(const char* directory, size_t directory_size, const char* file) {
  const size_t file_size = length(file);
  if (directory_size + 1 + file_size >= sizeof(path_)) return -sys::kENAMETOOLONG;
  memcpy(path_, directory, directory_size);
  size_t at = directory_size;
  if (directory_size > 0) path_[at++] = '/';
  memcpy(path_ + at, file, file_size + 1);
  sys::FileStat stat{};
  const long known = sys::statx(sys::kAtFdcwd, path_, 0, &stat);
  if (known < 0) return known;
  if ((stat.mode & sys::kTypeMask) == sys::kTypeDirectory) return -sys::kEISDIR;
  if ((stat.mode & sys::kTypeMask) != sys::kTypeRegular) return -sys::kEACCES;
  const long allowed = sys::faccessat2(sys::kAtFdcwd, path_, kExecutable, kAsEffective);
  if (allowed < 0) return allowed;
  memcpy(program_, path_, at + file_size + 1);
  return 0;
}

bool Runner::run(const FindExecutable& step) {
  for (uint32_t i = 0; i < step.file.size; i++) {
    if (step.file.data[i] == '/') return ok(FindExecutable::find, try_program("", 0, step.file.data));
  }
  // As in a shell: the last reason why something found could not be run counts more than what is missing.
  long reason = -sys::kENOENT;
  for (const Text directory : step.search) {
    const long tried = try_program(directory.empty() ? "." : directory.data, directory.empty() ? 1 : directory.size, step.file.data);
    if (tried == 0) return ok(FindExecutable::find, 0);
    if (tried == -sys::kEACCES || tried == -sys::kEPERM) reason = tried;
  }
  return ok(FindExecutable::find, reason);
}

// Sets home_ if a line of passwd(5) is the user's.
bool Runner::take_home(const char* line, const char* end, uint32_t wanted) {
  const char* at = line;
  uint32_t uid = 0;
  if (!skip_fields(at, end, 2) || !number_before_colon(at, end, uid) || uid != wanted || !skip_fields(at, end, 2)) return false;
  const char* home = at;
  while (at < end && *at != ':') at++;
  const size_t home_size = static_cast<size_t>(at - home);
  constexpr size_t kPrefix = sizeof(kHome) - 1;
  if (home_size > 0 && kPrefix + home_size < sizeof(home_)) {
    memcpy(home_ + kPrefix, home, home_size);
    home_[kPrefix + home_size] = '\0';
  }
  return true;
}

// Reads line by line through a window of scratch_; a line longer than the window is nobody's. What cannot be read has no
// home for anybody: the image may have put anything there.
bool Runner::run(const HomeDirectory& step) {
  if (!ok(HomeDirectory::read, 0)) return false;
  memcpy(home_, "HOME=/", 7);
  Fd found = in_root("/etc/passwd", sys::kPath);
  sys::FileStat stat{};
  const bool is_file = found.valid() && sys::statx(found.get(), "", sys::kAtEmptyPath, &stat) == 0 &&
                       (stat.mode & sys::kTypeMask) == sys::kTypeRegular;
  if (!is_file) return true;
  Fd file = reopen(found, "/etc/passwd", sys::kReadOnly | sys::kNonBlocking);
  if (!file.valid()) return true;
  size_t kept = 0;
  for (;;) {
    const long size = sys::read(file.get(), scratch_ + kept, sizeof(scratch_) - kept);
    if (size < 0) return true;
    // The last line may lack its newline.
    if (size == 0) return take_home(scratch_, scratch_ + kept, step.uid) || home_[0] != '\0';
    const char* end = scratch_ + kept + size;
    const char* line = scratch_;
    for (const char* newline = line; newline < end; newline++) {
      if (*newline != '\n') continue;
      if (take_home(line, newline, step.uid)) return true;
      line = newline + 1;
    }
    kept = static_cast<size_t>(end - line);
    if (kept == sizeof(scratch_)) return true;
    memmove(scratch_, line, kept);
  }
}

bool Runner::run(const Execute& step) {
  char** args = vector(step.args, nullptr);
  char** env = vector(step.env, home_[0] == '\0' ? nullptr : home_);
  if (args == nullptr || env == nullptr) return fail(Execute::exec, -sys::kE2BIG);
  if (program_[0] == '\0') return malformed();
  // Asked before, because a success does not come back.
  if (!ok(Execute::exec, 0)) return false;
  return ok(Execute::exec, sys::execve(program_, args, env));
}
