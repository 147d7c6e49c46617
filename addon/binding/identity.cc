// What tells one from another: builds of this addon, and texts of any length.
#include "identity.h"

#include <cstdio>
#include <cstring>

#include <link.h>

// Put by the linker at the begin of the file, which is mapped like any other read-only data.
extern "C" const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

namespace runts {
namespace {

constexpr size_t rounded(size_t size) { return (size + 3) & ~size_t{3}; }

// elf(5), "Notes (Nhdr)": the one of type NT_GNU_BUILD_ID and name "GNU".
Bytes findBuildId(const uint8_t* notes, size_t size) {
  for (size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
    ElfW(Nhdr) note;
    memcpy(&note, notes + at, sizeof note);
    const uint8_t* name = notes + at + sizeof note;
    const uint8_t* description = name + rounded(note.n_namesz);
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof "GNU" && memcmp(name, "GNU", sizeof "GNU") == 0) {
      return {const_cast<uint8_t*>(description), note.n_descsz};
    }
    at += sizeof note + rounded(note.n_namesz) + rounded(note.n_descsz);
  }
  return {};
}

Bytes findBuildId() {
  const auto* file = reinterpret_cast<const uint8_t*>(&__ehdr_start);
  for (size_t index = 0; index < __ehdr_start.e_phnum; ++index) {
    ElfW(Phdr) header;
    memcpy(&header, file + __ehdr_start.e_phoff + index * sizeof header, sizeof header);
    // Notes with an alignment of eight are another format, of notes that say other things.
    if (header.p_type == PT_NOTE && header.p_align == 4) {
      // Not by its address, which is no distance from the begin of a program that is always mapped to the same place.
      Bytes found = findBuildId(file + header.p_offset, header.p_filesz);
      if (found.size != 0) {
        return found;
      }
    }
  }
  return {};
}

}  // namespace

// () → the id that the linker gave this addon, a hash of all that is in it, in hexadecimal
napi_value buildId(const Call& call) {
  Bytes id = findBuildId();
  char text[2 * 64 + 1] = "";
  expect(id.size > 0 && id.size * 2 < sizeof text, "the addon was linked without a build id");
  for (size_t index = 0; index < id.size; ++index) {
    snprintf(text + index * 2, 3, "%02x", id.data[index]);
  }
  return makeText(call.env(), text);
}

// (bytes) → 32 bits of them (FNV-1a)
napi_value checksum(const Call& call) {
  Bytes bytes = call.bytes(0);
  uint32_t sum = 0x811c9dc5;
  for (size_t index = 0; index < bytes.size; ++index) {
    sum = (sum ^ bytes.data[index]) * 0x01000193;
  }
  return makeInteger(call.env(), sum);
}

}  // namespace runts
