// The interpreter as it is once all modules that most calls need have been evaluated, kept in the program when that is
// built: what a call would otherwise do again each time, for a third of its own time.
//
// It is the region (memory.h) as it is at kRegionAddress, where the kernel puts nothing by itself. Its pages are those of
// the program's file: whatever is not written to is shared by all processes, and nothing is copied at the start. Addresses
// in the program are offsets, since that lies elsewhere in every process; a map tells where they are, of a bit for each 8
// bytes. Another tells where addresses in the region are, for where its place is taken. scripts/lib/snapshot.mjs makes all
// this from what two processes have written that differ in nothing but their addresses.
//
// That the region is at the same place in every process is what the Go runtime does with its heap, too; program, stack and
// the memory of the C library are where the kernel has put them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace interpreter {

// Low enough for every size of address space that arm64 has.
constexpr uint64_t kRegionAddress = 0x1000000000;

// In the program, followed by the map of the region's addresses and that of the program's.
struct Snapshot {
  char magic[16];
  // Of the region in bytes, a multiple of a page; 0 where none has been put in.
  uint64_t size;
};

// In a file, followed by the region.
struct RegionFile {
  uint64_t begin;
  uint64_t size;
  // What lies between these is the program.
  uint64_t programBegin;
  uint64_t programEnd;
  // Blocks that hold what belongs to one process alone: begin and end of each, in the region.
  uint64_t own[4];
};

// Puts the region back. Returns whether there is one.
bool restoreSnapshot();

// Ends with an exit code, having written the region to the file or said why not.
int writeRegion(const char* path);

}  // namespace interpreter
