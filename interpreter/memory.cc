#include "memory.h"

#include <cstdlib>
#include <cstring>

#include <sys/mman.h>

#include "env.h"

// QuickJS hashes objects by their distance from here (scripts/lib/quickjs.mjs).
extern "C" const char* runts_region_begin;
const char* runts_region_begin = nullptr;

namespace interpreter {
namespace {

// Bytes before each piece: how many it has itself.
using Size = uint64_t;
constexpr size_t kHeader = sizeof(Size);
// Pieces have sizes of 8, 24, 40 …, so that with their headers they fill multiples of 16.
constexpr size_t kStep = 16;
constexpr size_t kLargestListed = kPieceSizes * kStep - kHeader;
// What is taken from the kernel at once where the region is full.
constexpr size_t kMore = 1 << 20;

// Then the process ends: QuickJS, told that there is none, uses what it has already given back (a module that is read
// half-way, a shape), and to take back what has been made of a container needs memory, too.
constexpr char kExhausted[] = "out of memory";

Region* current = nullptr;
// Whether it may become a snapshot, in which nothing is to be left of what has been given back.
bool isWrittenDown = false;
// Then, what is no larger lies apart from the rest, in stretches of so many bytes.
constexpr size_t kLargestTiny = 128;
constexpr size_t kTinyPages = 1 << 16;
char* tinyUnused = nullptr;
char* tinyEnd = nullptr;
// Up to where large pieces are in the region: those outside come from malloc(3).
const char* regionEnd = nullptr;

size_t rounded(size_t size) { return (size + kHeader + kStep - 1) / kStep * kStep - kHeader; }

Free*& listOf(size_t size) { return current->lists[(size + kHeader) / kStep - 1]; }

Size& sizeOf(const void* piece) { return *(static_cast<Size*>(const_cast<void*>(piece)) - 1); }

bool isInRegion(const void* piece) { return piece >= runts_region_begin && piece < regionEnd; }

size_t roomLeft() { return static_cast<size_t>(current->end - current->unused); }

void* takeFrom(char*& unused, size_t size) {
  void* piece = unused + kHeader;
  unused += size + kHeader;
  sizeOf(piece) = size;
  return piece;
}

void* takeUnused(size_t size) { return takeFrom(current->unused, size); }

// For a snapshot: what calls write to, the counts of references in small things above all, is kept apart from bytecode,
// so that it is on fewer pages.
void* takeTiny(size_t size) {
  if (static_cast<size_t>(tinyEnd - tinyUnused) < size + kHeader) {
    expect(roomLeft() >= kTinyPages, kExhausted);
    tinyUnused = current->unused;
    current->unused += kTinyPages;
    tinyEnd = current->unused;
  }
  return takeFrom(tinyUnused, size);
}

void* takeSmall(size_t size) {
  Free*& list = listOf(size);
  if (list != nullptr) {
    Free* piece = list;
    list = piece->next;
    return piece;
  }
  if (isWrittenDown && size <= kLargestTiny) {
    return takeTiny(size);
  }
  if (roomLeft() < size + kHeader) {
    // What is left there is lost: less than the largest of these pieces.
    void* more = mmap(nullptr, kMore, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect(more != MAP_FAILED, kExhausted);
    current->unused = static_cast<char*>(more);
    current->end = current->unused + kMore;
  }
  return takeUnused(size);
}

// The first that is large enough and not more than twice that.
void* takeLargeAgain(size_t size) {
  for (Free** at = &current->large; *at != nullptr; at = &(*at)->next) {
    Free* piece = *at;
    if (sizeOf(piece) >= size && sizeOf(piece) / 2 <= size) {
      *at = piece->next;
      return piece;
    }
  }
  return nullptr;
}

void* takeLarge(size_t size) {
  void* again = takeLargeAgain(size);
  if (again != nullptr) {
    return again;
  }
  if (current->end == regionEnd && roomLeft() >= size + kHeader) {
    return takeUnused(size);
  }
  auto* memory = static_cast<char*>(malloc(size + kHeader));
  expect(memory != nullptr, kExhausted);
  void* piece = memory + kHeader;
  sizeOf(piece) = size;
  return piece;
}

void* take(JSMallocState* state, size_t wanted) {
  if (wanted > PTRDIFF_MAX) {
    return nullptr;
  }
  size_t size = rounded(wanted);
  void* piece = size > kLargestListed ? takeLarge(size) : takeSmall(size);
  if (isWrittenDown) {
    // Of a piece that was in a list, the place of the next one is left.
    memset(piece, 0, sizeof(Free));
  }
  state->malloc_count++;
  // By which QuickJS decides when to look for cycles.
  state->malloc_size += sizeOf(piece) + kHeader;
  return piece;
}

void give(JSMallocState* state, void* piece) {
  if (piece == nullptr) {
    return;
  }
  Size size = sizeOf(piece);
  if (isWrittenDown) {
    memset(piece, 0, size);
  }
  state->malloc_count--;
  state->malloc_size -= size + kHeader;
  if (size > kLargestListed && !isInRegion(piece)) {
    free(static_cast<char*>(piece) - kHeader);
    return;
  }
  auto* unusedPiece = static_cast<Free*>(piece);
  Free*& list = size > kLargestListed ? current->large : listOf(size);
  unusedPiece->next = list;
  list = unusedPiece;
}

void* resize(JSMallocState* state, void* piece, size_t wanted) {
  if (piece == nullptr) {
    return wanted == 0 ? nullptr : take(state, wanted);
  }
  if (wanted == 0) {
    give(state, piece);
    return nullptr;
  }
  Size size = sizeOf(piece);
  if (wanted <= size && wanted >= size / 2) {
    return piece;
  }
  if (size > kLargestListed && wanted > kLargestListed && wanted <= PTRDIFF_MAX && !isInRegion(piece)) {
    auto* memory = static_cast<char*>(realloc(static_cast<char*>(piece) - kHeader, wanted + kHeader));
    expect(memory != nullptr, kExhausted);
    state->malloc_size += wanted - size;
    sizeOf(memory + kHeader) = wanted;
    return memory + kHeader;
  }
  void* moved = take(state, wanted);
  if (moved != nullptr) {
    memcpy(moved, piece, size < wanted ? size : wanted);
    give(state, piece);
  }
  return moved;
}

size_t usableSize(const void* piece) { return piece == nullptr ? 0 : sizeOf(piece); }

void useRegion(Region* begin, char* end) {
  current = begin;
  runts_region_begin = reinterpret_cast<char*>(begin);
  regionEnd = end;
  begin->end = end;
}

}  // namespace

const JSMallocFunctions kMemoryFunctions = {take, give, resize, usableSize};

Region* region() { return current; }

void makeRegion(void* address, size_t room) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (address == nullptr ? 0 : MAP_FIXED_NOREPLACE);
  void* memory = mmap(address, room, PROT_READ | PROT_WRITE, flags, -1, 0);
  expect(memory != MAP_FAILED, "no memory for the interpreter");
  auto* begin = static_cast<Region*>(memory);
  begin->unused = reinterpret_cast<char*>(begin + 1);
  useRegion(begin, static_cast<char*>(memory) + room);
  isWrittenDown = true;
}

void adoptRegion(Region* adopted, char* end) { useRegion(adopted, end); }

}  // namespace interpreter
