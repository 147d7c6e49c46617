// The modules that the program carries, as bytecode: one file that interpreter/compile.cc writes and the linker takes in.
//
//   ModulesHeader, ModuleEntry[count] in the order of their names, then names and bytecode
//
// Numbers are little-endian; offsets are from the begin of the file, sizes in bytes.
#pragma once

#include <cstdint>

extern "C" {
#include <quickjs.h>
}

namespace interpreter {

struct ModulesHeader {
  uint32_t count;
  // Number of the entry that the program begins with.
  uint32_t main;
};

struct ModuleEntry {
  uint32_t name;
  uint32_t nameSize;
  uint32_t code;
  uint32_t codeSize;
};

// Has `import` find them.
void offerModules(JSRuntime* runtime);

// The module that the program begins with, linked with nothing so far; or an exception.
JSValue readMainModule(JSContext* context);

// That of a name.
JSValue readModule(JSContext* context, const char* name);

}  // namespace interpreter
