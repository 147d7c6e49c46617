#include "memory.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <sys/mman.h>

namespace interpreter {
namespace {

// Bytes before each piece: how many it has itself.
using Size = uint64_t;
constexpr size_t kHeader = sizeof(Size);
// Pieces have sizes of 8, 24, 40 …, so that with their headers they fill multiples of 16.
constexpr size_t kStep = 16;
constexpr size_t kLargest = 1024 - kHeader;
constexpr size_t kSizes = (kLargest + kHeader) / kStep;
// What is taken from the kernel at once: as much as most calls use in all.
constexpr size_t kRegion = 2 << 20;

struct Free {
  Free* next;
};

Free* lists[kSizes] = {};
char* unused = nullptr;
char* regionEnd = nullptr;

size_t rounded(size_t size) { return (size + kHeader + kStep - 1) / kStep * kStep - kHeader; }

Free*& listOf(size_t size) { return lists[(size + kHeader) / kStep - 1]; }

Size& sizeOf(const void* piece) { return *(static_cast<Size*>(const_cast<void*>(piece)) - 1); }

// What is left of the last region is lost: less than the largest piece.
bool addRegion() {
  void* region = mmap(nullptr, kRegion, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED) {
    return false;
  }
  unused = static_cast<char*>(region);
  regionEnd = unused + kRegion;
  return true;
}

void* takeLarge(size_t size) {
  auto* memory = static_cast<char*>(size > SIZE_MAX - kHeader ? nullptr : malloc(size + kHeader));
  if (memory == nullptr) {
    return nullptr;
  }
  void* piece = memory + kHeader;
  sizeOf(piece) = size;
  return piece;
}

void* takeSmall(size_t size) {
  Free*& list = listOf(size);
  if (list != nullptr) {
    Free* piece = list;
    list = piece->next;
    return piece;
  }
  if (static_cast<size_t>(regionEnd - unused) < size + kHeader && !addRegion()) {
    return nullptr;
  }
  void* piece = unused + kHeader;
  unused += size + kHeader;
  sizeOf(piece) = size;
  return piece;
}

void* take(JSMallocState* state, size_t wanted) {
  void* piece = wanted > kLargest ? takeLarge(wanted) : takeSmall(rounded(wanted));
  if (piece != nullptr) {
    state->malloc_count++;
    // By which QuickJS decides when to look for cycles.
    state->malloc_size += sizeOf(piece) + kHeader;
  }
  return piece;
}

void give(JSMallocState* state, void* piece) {
  if (piece == nullptr) {
    return;
  }
  Size size = sizeOf(piece);
  state->malloc_count--;
  state->malloc_size -= size + kHeader;
  if (size > kLargest) {
    free(static_cast<char*>(piece) - kHeader);
    return;
  }
  auto* unusedPiece = static_cast<Free*>(piece);
  Free*& list = listOf(size);
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
  if (size > kLargest && wanted > kLargest) {
    auto* memory = static_cast<char*>(
        wanted > SIZE_MAX - kHeader ? nullptr : realloc(static_cast<char*>(piece) - kHeader, wanted + kHeader));
    if (memory == nullptr) {
      return nullptr;
    }
    state->malloc_size += wanted - size;
    sizeOf(memory + kHeader) = wanted;
    return memory + kHeader;
  }
  if (size <= kLargest && rounded(wanted) == size) {
    return piece;
  }
  void* moved = take(state, wanted);
  if (moved != nullptr) {
    memcpy(moved, piece, size < wanted ? size : wanted);
    give(state, piece);
  }
  return moved;
}

size_t usableSize(const void* piece) { return piece == nullptr ? 0 : sizeOf(piece); }

}  // namespace

const JSMallocFunctions kMemoryFunctions = {take, give, resize, usableSize};

}  // namespace interpreter
