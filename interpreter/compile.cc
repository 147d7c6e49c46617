// Compiles ES modules to the file of bytecode that modules.h describes. It runs when the program is built:
//
//   runts-compile OUTPUT MAIN.js FILE.js…
//
// The files lie in the working directory; their names are those by which they import each other, without `./`.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "modules.h"

// What QuickJS hashes objects by: nothing in bytecode depends on it.
extern "C" const char* runts_region_begin;
const char* runts_region_begin = nullptr;

namespace {

struct Module {
  const char* name;
  // A module, once it has been compiled.
  JSValue value;
};

struct Bytes {
  uint8_t* data;
  size_t size;
};

Module* modules = nullptr;
size_t moduleCount = 0;

[[noreturn]] void fail(const char* what, const char* of) {
  fprintf(stderr, "runts-compile: %s: %s\n", of, what);
  exit(1);
}

void* allocate(size_t size) {
  void* memory = calloc(1, size);
  if (memory == nullptr) {
    fail("out of memory", "-");
  }
  return memory;
}

// With a final NUL, as JS_Eval wants it.
Bytes readWhole(const char* name) {
  FILE* file = fopen(name, "rb");
  if (file == nullptr || fseek(file, 0, SEEK_END) != 0) {
    fail("cannot be read", name);
  }
  long size = ftell(file);
  if (size < 0 || fseek(file, 0, SEEK_SET) != 0) {
    fail("cannot be read", name);
  }
  auto* data = static_cast<uint8_t*>(allocate(static_cast<size_t>(size) + 1));
  if (fread(data, 1, static_cast<size_t>(size), file) != static_cast<size_t>(size)) {
    fail("cannot be read", name);
  }
  fclose(file);
  return {data, static_cast<size_t>(size)};
}

[[noreturn]] void failWithException(JSContext* context, const char* name) {
  JSValue error = JS_GetException(context);
  const char* text = JS_ToCString(context, error);
  JSValue stack = JS_GetPropertyStr(context, error, "stack");
  const char* place = JS_ToCString(context, stack);
  if (place != nullptr) {
    fputs(place, stderr);
  }
  fail(text == nullptr ? "cannot be compiled" : text, name);
}

// Compiles what it imports as well.
void compile(JSContext* context, Module& module) {
  Bytes source = readWhole(module.name);
  module.value = JS_Eval(context, reinterpret_cast<const char*>(source.data), source.size, module.name,
                         JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  free(source.data);
  if (JS_IsException(module.value)) {
    failWithException(context, module.name);
  }
}

JSModuleDef* load(JSContext* context, const char* name, void*) {
  for (size_t index = 0; index < moduleCount; ++index) {
    if (strcmp(modules[index].name, name) == 0) {
      compile(context, modules[index]);
      return static_cast<JSModuleDef*>(JS_VALUE_GET_PTR(modules[index].value));
    }
  }
  fail("is imported, but is none of the files", name);
}

void writeAll(FILE* file, const void* data, size_t size, const char* name) {
  if (fwrite(data, 1, size, file) != size) {
    fail("cannot be written", name);
  }
}

int compareNames(const void* left, const void* right) {
  return strcmp(static_cast<const Module*>(left)->name, static_cast<const Module*>(right)->name);
}

void writeModules(JSContext* context, const char* output, const char* mainName) {
  qsort(modules, moduleCount, sizeof(Module), compareNames);
  interpreter::ModulesHeader header = {static_cast<uint32_t>(moduleCount), 0};
  auto* entries = static_cast<interpreter::ModuleEntry*>(allocate(moduleCount * sizeof(interpreter::ModuleEntry)));
  auto* codes = static_cast<Bytes*>(allocate(moduleCount * sizeof(Bytes)));
  size_t end = sizeof header + moduleCount * sizeof *entries;
  for (size_t index = 0; index < moduleCount; ++index) {
    const Module& module = modules[index];
    if (strcmp(module.name, mainName) == 0) {
      header.main = static_cast<uint32_t>(index);
    }
    codes[index].data = JS_WriteObject(context, &codes[index].size, module.value, JS_WRITE_OBJ_BYTECODE);
    if (codes[index].data == nullptr) {
      failWithException(context, module.name);
    }
    size_t nameSize = strlen(module.name);
    entries[index] = {static_cast<uint32_t>(end), static_cast<uint32_t>(nameSize), static_cast<uint32_t>(end + nameSize),
                      static_cast<uint32_t>(codes[index].size)};
    end += nameSize + codes[index].size;
    if (end > UINT32_MAX) {
      fail("too much code", output);
    }
  }
  FILE* file = fopen(output, "wb");
  if (file == nullptr) {
    fail("cannot be written", output);
  }
  writeAll(file, &header, sizeof header, output);
  writeAll(file, entries, moduleCount * sizeof *entries, output);
  for (size_t index = 0; index < moduleCount; ++index) {
    writeAll(file, modules[index].name, entries[index].nameSize, output);
    writeAll(file, codes[index].data, codes[index].size, output);
  }
  if (fclose(file) != 0) {
    fail("cannot be written", output);
  }
}

}  // namespace

int main(int count, char** values) {
  if (count < 3) {
    fputs("usage: runts-compile OUTPUT MAIN.js FILE.js...\n", stderr);
    return 2;
  }
  JSRuntime* runtime = JS_NewRuntime();
  JSContext* context = runtime == nullptr ? nullptr : JS_NewContext(runtime);
  if (context == nullptr) {
    fail("out of memory", "-");
  }
  // Names of functions and lines stay, for the stack of an internal error and because `import()` asks who imports.
  JS_SetStripInfo(runtime, JS_STRIP_SOURCE);
  JS_SetModuleLoaderFunc(runtime, nullptr, load, nullptr);
  const char* output = values[1];
  moduleCount = static_cast<size_t>(count - 2);
  modules = static_cast<Module*>(allocate(moduleCount * sizeof(Module)));
  for (size_t index = 0; index < moduleCount; ++index) {
    modules[index] = {values[index + 2], JS_UNDEFINED};
  }
  const char* mainName = modules[0].name;
  for (size_t index = 0; index < moduleCount; ++index) {
    if (JS_IsUndefined(modules[index].value)) {
      compile(context, modules[index]);
    }
  }
  writeModules(context, output, mainName);
  return 0;
}
