#include "seccomp.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descriptor.h"
#include "memfd.h"

namespace runts {
namespace {

// The newest level of libseccomp 2.5: without it libseccomp asks the running kernel what it can, and one profile
// would give different filters on different hosts. A kernel that lacks an action refuses the filter when it is loaded.
constexpr unsigned kApiLevel = 6;

// What could not be added, and where it stands in the arguments. The numbers are known to src/syscalls/seccomp.ts.
enum class Stage { kDone = 0, kFilter = 1, kArchitecture = 2, kRule = 3 };

struct Progress {
  Stage stage = Stage::kDone;
  size_t index = 0;
  int error = 0;
};

// One rule: four words of the rules array.
struct Rule {
  // As seccompResolve gives it: negative where the native architecture has no such call.
  int32_t number;
  uint32_t action;
  uint32_t firstComparison;
  uint32_t comparisons;
};

// One comparison: four 64-bit words.
struct Comparison {
  uint64_t argument;
  uint64_t comparator;
  uint64_t value;
  uint64_t second;
};

struct Program {
  uint32_t architecture;
  uint32_t defaultAction;
  uint32_t optimisation;
  Bytes rules;
  Bytes comparisons;
};

class Filter {
 public:
  explicit Filter(uint32_t defaultAction) : context_(seccomp_init(defaultAction)) {}
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;
  ~Filter() {
    if (context_ != nullptr) {
      seccomp_release(context_);
    }
  }
  scmp_filter_ctx get() const { return context_; }

 private:
  scmp_filter_ctx context_;
};

// seccomp.h types the field as an enumeration but libseccomp takes its number.
scmp_arg_cmp comparisonOf(const Comparison& words) {
  scmp_arg_cmp comparison = {};
  comparison.arg = static_cast<unsigned>(words.argument);
  comparison.op = static_cast<scmp_compare>(words.comparator);
  comparison.datum_a = words.value;
  comparison.datum_b = words.second;
  return comparison;
}

int addRule(const Filter& filter, const Program& program, const Rule& rule) {
  // The kernel passes six arguments.
  constexpr size_t kMaximumComparisons = 6;
  expect(rule.comparisons <= kMaximumComparisons, "more comparisons than arguments");
  expect((size_t{rule.firstComparison} + rule.comparisons) * sizeof(Comparison) <= program.comparisons.size,
         "a comparison is missing");
  scmp_arg_cmp comparisons[kMaximumComparisons];
  for (uint32_t index = 0; index < rule.comparisons; ++index) {
    Comparison words;
    memcpy(&words, program.comparisons.data + (rule.firstComparison + index) * sizeof words, sizeof words);
    comparisons[index] = comparisonOf(words);
  }
  return seccomp_rule_add_array(filter.get(), rule.action, rule.number, rule.comparisons, comparisons);
}

// A fresh filter is for the native architecture.
int setArchitecture(const Filter& filter, uint32_t token) {
  if (token == seccomp_arch_native()) {
    return 0;
  }
  int error = seccomp_arch_add(filter.get(), token);
  return error < 0 ? error : seccomp_arch_remove(filter.get(), SCMP_ARCH_NATIVE);
}

Progress build(const Filter& filter, const Program& program) {
  if (filter.get() == nullptr) {
    return {Stage::kFilter, 0, EINVAL};
  }
  int error = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, program.optimisation);
  if (error < 0) {
    return {Stage::kFilter, 0, -error};
  }
  error = setArchitecture(filter, program.architecture);
  if (error < 0) {
    return {Stage::kArchitecture, 0, -error};
  }
  for (size_t index = 0; index < program.rules.size / sizeof(Rule); ++index) {
    Rule rule;
    memcpy(&rule, program.rules.data + index * sizeof rule, sizeof rule);
    error = addRule(filter, program, rule);
    // EEXIST: the same rule twice is the same as once.
    if (error < 0 && error != -EEXIST) {
      return {Stage::kRule, index, -error};
    }
  }
  return {};
}

// `result` comes from malloc.
Failure exportFilter(const Filter& filter, Bytes* result) {
  Descriptor file;
  Failure failure = makeMemoryFile("seccomp", {}, false, false, &file);
  if (failure) {
    return failure;
  }
  int error = seccomp_export_bpf(filter.get(), file.get());
  if (error < 0) {
    return {"seccomp_export_bpf", -error};
  }
  struct stat information;
  if (fstat(file.get(), &information) < 0) {
    return {"fstat", errno};
  }
  auto size = static_cast<size_t>(information.st_size);
  auto* data = static_cast<uint8_t*>(malloc(size == 0 ? 1 : size));
  if (data == nullptr) {
    return {"malloc", ENOMEM};
  }
  ssize_t got = pread(file.get(), data, size, 0);
  if (got != information.st_size) {
    int readError = got < 0 ? errno : EIO;
    free(data);
    return {"pread", readError};
  }
  *result = {data, size};
  return {};
}

}  // namespace

// (architecture token, default action, Uint32Array of rules, BigUint64Array of comparisons, optimisation) → the bytes of
// a filter for this architecture alone, or [stage, index, errno's name]
napi_value seccompCompile(const Call& call) {
  seccomp_api_set(kApiLevel);
  Program program = {call.natural(0), call.natural(1), call.natural(4), call.bytes(2), call.bytes(3)};
  Filter filter(program.defaultAction);
  Progress progress = build(filter, program);
  if (progress.stage != Stage::kDone) {
    napi_env env = call.env();
    return makeTriple(env, makeInteger(env, static_cast<int>(progress.stage)),
                      makeInteger(env, static_cast<int64_t>(progress.index)), makeErrnoName(env, progress.error));
  }
  Bytes bytes;
  Failure failure = exportFilter(filter, &bytes);
  if (failure) {
    return call.fail(failure);
  }
  napi_value result = makeBytes(call.env(), bytes.data, bytes.size);
  free(bytes.data);
  return result;
}

// (architecture token, names, each ended by NUL, Int32Array for a number each): -1 where the name is known nowhere,
// another negative number where this architecture has no such call
napi_value seccompResolve(const Call& call) {
  uint32_t token = call.natural(0);
  Bytes names = call.bytes(1);
  Bytes numbers = call.bytes(2);
  expect(names.size == 0 || names.data[names.size - 1] == 0, "the names have no end");
  const char* name = reinterpret_cast<const char*>(names.data);
  const char* end = name + names.size;
  for (size_t index = 0; name != end; ++index) {
    expect((index + 1) * sizeof(int32_t) <= numbers.size, "more names than numbers");
    int32_t number = seccomp_syscall_resolve_name_arch(token, name);
    memcpy(numbers.data + index * sizeof number, &number, sizeof number);
    name += strlen(name) + 1;
  }
  return call.nothing();
}

// (SECCOMP_FILTER_FLAG_*) → whether the kernel knows all of them
napi_value seccompHasFlags(const Call& call) {
  // seccomp(2): the flags are looked at before the filter, and there is none at this address.
  bool known = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, call.natural(0), nullptr) < 0 && errno == EFAULT;
  return makeFlag(call.env(), known);
}

// () → "2.5.4"
napi_value seccompVersion(const Call& call) {
  const scmp_version* version = seccomp_version();
  char text[48];
  snprintf(text, sizeof text, "%u.%u.%u", version->major, version->minor, version->micro);
  return makeText(call.env(), text);
}

}  // namespace runts
