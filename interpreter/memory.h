// Memory for QuickJS: one region of addresses, with everything that the interpreter keeps from its start on, so that it
// can be written to a file and be put anywhere else later (snapshot.h).
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
#include <quickjs.h>
}

namespace interpreter {

struct Free {
  Free* next;
};

constexpr size_t kPieceSizes = 64;

// What stands at the begin of the region: the allocator's state, and where to find what it has been asked for.
struct Region {
  char* unused;
  char* end;
  // One for each size, and one for all that are larger than those.
  Free* lists[kPieceSizes];
  Free* large;
  JSRuntime* runtime;
  JSContext* context;
  struct napi_env__* env;
  // The module that the program begins with, read but not yet evaluated.
  JSValue main;
};

// For JS_NewRuntime2. What malloc(3) does for all threads and against every misuse is a sixth of the time of a short
// call; here, on one thread, is a free list for each size, filled from the end of what has been used so far.
extern const JSMallocFunctions kMemoryFunctions;

// The one region of this process.
Region* region();

// Makes it, at `address` if that is not null. `room` is in bytes; what goes beyond it lies elsewhere.
void makeRegion(void* address, size_t room);

// Takes over what another process has made, its pointers put right.
void adoptRegion(Region* adopted, char* end);

}  // namespace interpreter
