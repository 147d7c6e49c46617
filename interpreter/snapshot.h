// The interpreter as it is once all modules that most calls need have been evaluated, kept in the program when that is
// built: what a call would otherwise do again each time, for a third of its own time.
//
// It is the region (memory.h) with its pointers as offsets, since both the region and the program lie at other addresses
// in every process. Where they are, two maps tell, of a bit for each 8 bytes: those that count from the begin of the
// region, and those that count from the begin of the program. scripts/lib/snapshot.mjs makes it, from what two processes
// have written that differ in nothing but their addresses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace interpreter {

// In the program, followed by region, map of the region's pointers, map of the program's.
struct Snapshot {
  char magic[16];
  // Of the region in bytes, a multiple of 512; 0 where none has been put in.
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
