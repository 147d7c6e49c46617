// Feeds the helper's decoder with damaged records, under the address and undefined behaviour sanitizers. Nothing is
// carried out: dispatch() is given a runner whose steps do nothing.
//
//     decode-fuzz PLAN ROUNDS    reads a whole plan from a file and decodes it as it is, then ROUNDS damaged copies
//
// Prints `whole N` for the records of the plan as it is, then `refused N accepted N` for the damaged copies.
#include <stdio.h>
#include <stdlib.h>

#include "../../../addon/init/generated/steps.h"

namespace {

struct Runner {
  unsigned long seen = 0;
  unsigned long malformed_records = 0;
  [[nodiscard]] bool malformed() {
    malformed_records++;
    return false;
  }
  template <typename Step>
  [[nodiscard]] bool run(const Step&) {
    seen++;
    return true;
  }
};

constexpr size_t kHeader = 48;

// Decodes all records as carry_out() of main.cc does. Returns how many there were, or -1 if one was refused.
long decode_all(const unsigned char* plan, size_t size, Runner& runner) {
  Reader records(plan + kHeader, size - kHeader);
  long count = 0;
  while (!records.finished()) {
    uint32_t kind = 0, index = 0, bytes = 0;
    Reader payload(nullptr, 0);
    if (!records.read(kind) || !records.read(index) || !records.read(bytes) || !records.take(bytes, payload)) return -1;
    if (!dispatch(static_cast<Kind>(kind), payload, runner)) return -1;
    count++;
  }
  return count;
}

uint64_t state = 0x9e3779b97f4a7c15ULL;
uint64_t next_random() {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

}  // namespace

int main(int, char** argv) {
  FILE* file = fopen(argv[1], "rb");
  if (file == nullptr) return 2;
  static unsigned char plan[1 << 20];
  const size_t size = fread(plan, 1, sizeof(plan), file);
  fclose(file);
  if (size < kHeader) return 2;
  Runner runner;
  const long whole = decode_all(plan, size, runner);
  printf("whole %ld\n", whole);
  long refused = 0, accepted = 0;
  for (long round = atol(argv[2]); round > 0; round--) {
    // An allocation of exactly the size, so that one byte too far is seen.
    const size_t kept = next_random() % 4 == 0 ? kHeader + next_random() % (size - kHeader + 1) : size;
    auto* copy = static_cast<unsigned char*>(malloc(kept));
    for (size_t i = 0; i < kept; i++) copy[i] = plan[i];
    for (uint64_t changes = 1 + next_random() % 4; changes > 0 && kept > kHeader; changes--) {
      const size_t at = kHeader + next_random() % (kept - kHeader);
      const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff, static_cast<unsigned char>(next_random())};
      copy[at] = values[next_random() % sizeof(values)];
    }
    (decode_all(copy, kept, runner) < 0 ? refused : accepted)++;
    free(copy);
  }
  printf("refused %ld accepted %ld\n", refused, accepted);
  return whole < 0 ? 1 : 0;
}
