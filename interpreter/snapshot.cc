#include "snapshot.h"

#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "env.h"
#include "memory.h"

// Put by the linker at the begin of the program, and at its end.
extern "C" const char __ehdr_start __attribute__((visibility("hidden")));
extern "C" const char _end __attribute__((visibility("hidden")));
// images.S
extern "C" const uint8_t runts_snapshot[] __attribute__((visibility("hidden")));
extern "C" uint8_t runts_snapshot_region[] __attribute__((visibility("hidden")));

namespace interpreter {
namespace {

constexpr size_t kWord = sizeof(uint64_t);
constexpr size_t kBits = 64;
// The largest that there is: arm64 has some of 64 kB.
constexpr size_t kPage = 65536;
// Behind the snapshot, for what the call itself needs.
constexpr size_t kRoom = 1 << 20;
// How much of that every call needs.
constexpr size_t kSoon = 128 << 10;

uint64_t addressOf(const void* place) { return reinterpret_cast<uint64_t>(place); }

void relocate(uint64_t* words, const uint64_t* map, size_t count, uint64_t base) {
  for (size_t index = 0; index < count / kBits; ++index) {
    for (uint64_t bits = map[index]; bits != 0; bits &= bits - 1) {
      words[index * kBits + static_cast<size_t>(__builtin_ctzll(bits))] += base;
    }
  }
}

uint64_t sizeOfBlock(const void* block) { return kMemoryFunctions.js_malloc_usable_size(block); }

bool writeAll(int file, const void* data, size_t size) {
  const auto* bytes = static_cast<const char*>(data);
  while (size > 0) {
    ssize_t count = write(file, bytes, size);
    if (count <= 0) {
      return false;
    }
    bytes += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

// The region at its own address, or null where something else is there, or pages cannot be moved: under some emulators.
void* moveRegion(size_t size) {
  auto* address = reinterpret_cast<void*>(kRegionAddress);
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  void* room = mmap(address, size + kRoom, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (room != address) {
    // Linux before 4.17 does not know the flag and takes the address as a wish.
    if (room != MAP_FAILED) {
      munmap(room, size + kRoom);
    }
    return nullptr;
  }
  if (mremap(runts_snapshot_region, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, address) != address) {
    munmap(address, size + kRoom);
    return nullptr;
  }
  return address;
}

void* copyRegion(size_t size, const uint64_t* ofRegion) {
  void* memory = mmap(nullptr, size + kRoom, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  expect(memory != MAP_FAILED, "no memory for the interpreter");
  memcpy(memory, runts_snapshot_region, size);
  relocate(static_cast<uint64_t*>(memory), ofRegion, size / kWord, addressOf(memory) - kRegionAddress);
  return memory;
}

}  // namespace

bool restoreSnapshot() {
  Snapshot header;
  memcpy(&header, runts_snapshot, sizeof header);
  size_t size = header.size;
  if (size == 0) {
    return false;
  }
  size_t count = size / kWord;
  const auto* ofRegion = reinterpret_cast<const uint64_t*>(runts_snapshot + sizeof header);
  const uint64_t* ofProgram = ofRegion + count / kBits;
  void* memory = moveRegion(size);
  if (memory == nullptr) {
    memory = copyRegion(size, ofRegion);
  }
  // One call instead of a page fault for each page (Linux 5.14; older ones take the faults).
  madvise(static_cast<char*>(memory) + size, kSoon, MADV_POPULATE_WRITE);
  relocate(static_cast<uint64_t*>(memory), ofProgram, count, addressOf(&__ehdr_start));
  adoptRegion(static_cast<Region*>(memory), static_cast<char*>(memory) + size + kRoom);
  return true;
}

int writeRegion(const char* path) {
  Region* whole = region();
  // Set anew by whoever adopts it.
  whole->end = nullptr;
  // What a call makes goes on pages of its own: into the gaps, it would be on many, of which each has to be copied.
  memset(whole->lists, 0, sizeof whole->lists);
  whole->large = nullptr;
  const auto* begin = reinterpret_cast<const char*>(whole);
  size_t used = static_cast<size_t>(whole->unused - begin);
  size_t size = (used + kPage - 1) / kPage * kPage;
  RegionFile header = {addressOf(begin),
                       size,
                       addressOf(&__ehdr_start),
                       addressOf(&_end),
                       {addressOf(whole->runtime), addressOf(whole->runtime) + sizeOfBlock(whole->runtime),
                        addressOf(whole->context), addressOf(whole->context) + sizeOfBlock(whole->context)}};
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0 || !writeAll(file, &header, sizeof header) || !writeAll(file, begin, size) || close(file) < 0) {
    perror(path);
    return 1;
  }
  return 0;
}

}  // namespace interpreter
