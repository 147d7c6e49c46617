#include "modules.h"

#include <cstring>

namespace {

// Where the linker has put the file (images.S).
extern "C" const uint8_t runts_modules_start[] __attribute__((visibility("hidden")));

using interpreter::ModuleEntry;
using interpreter::ModulesHeader;

const ModulesHeader& header() { return *reinterpret_cast<const ModulesHeader*>(runts_modules_start); }

const ModuleEntry* entries() { return reinterpret_cast<const ModuleEntry*>(runts_modules_start + sizeof(ModulesHeader)); }

// As strcmp.
int compare(const char* name, const ModuleEntry& entry) {
  size_t size = strlen(name);
  size_t common = size < entry.nameSize ? size : entry.nameSize;
  int order = memcmp(name, runts_modules_start + entry.name, common);
  return order != 0 ? order : size < entry.nameSize ? -1 : size > entry.nameSize ? 1 : 0;
}

const ModuleEntry* find(const char* name) {
  uint32_t begin = 0;
  uint32_t end = header().count;
  while (begin < end) {
    uint32_t middle = begin + (end - begin) / 2;
    int order = compare(name, entries()[middle]);
    if (order == 0) {
      return &entries()[middle];
    }
    if (order < 0) {
      end = middle;
    } else {
      begin = middle + 1;
    }
  }
  return nullptr;
}

// A module that is not yet linked with those that it imports.
JSValue readAlone(JSContext* context, const ModuleEntry& entry) {
  return JS_ReadObject(context, runts_modules_start + entry.code, entry.codeSize, JS_READ_OBJ_BYTECODE);
}

JSModuleDef* load(JSContext* context, const char* name, void*) {
  const ModuleEntry* entry = find(name);
  if (entry == nullptr) {
    JS_ThrowReferenceError(context, "the program has no module %s", name);
    return nullptr;
  }
  JSValue module = readAlone(context, *entry);
  if (JS_IsException(module)) {
    return nullptr;
  }
  auto* definition = static_cast<JSModuleDef*>(JS_VALUE_GET_PTR(module));
  // The context holds it.
  JS_FreeValue(context, module);
  return definition;
}

// With all that it imports.
JSValue read(JSContext* context, const ModuleEntry& entry) {
  JSValue module = readAlone(context, entry);
  if (!JS_IsException(module) && JS_ResolveModule(context, module) < 0) {
    JS_FreeValue(context, module);
    return JS_EXCEPTION;
  }
  return module;
}

}  // namespace

namespace interpreter {

void offerModules(JSRuntime* runtime) { JS_SetModuleLoaderFunc(runtime, nullptr, load, nullptr); }

JSValue readMainModule(JSContext* context) { return read(context, entries()[header().main]); }

JSValue readModule(JSContext* context, const char* name) {
  const ModuleEntry* entry = find(name);
  return entry == nullptr ? JS_ThrowReferenceError(context, "the program has no module %s", name)
                          : read(context, *entry);
}

}  // namespace interpreter
