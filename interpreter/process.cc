#include "process.h"

#include <cerrno>
#include <climits>
#include <cstring>

#include <unistd.h>

#include "clock.h"
#include "env.h"
#include "text.h"

extern "C" napi_value napi_register_module_v1(napi_env env, napi_value exports);

namespace interpreter {
namespace {

// Of the monotonic clock in nanoseconds.
int64_t timeOrigin = 0;

JSValue number(JSContext* context, int64_t value) { return JS_NewInt64(context, value); }

JSValue text(JSContext* context, const char* value) { return newText(context, value, strlen(value)); }

template <auto call>
JSValue identity(JSContext* context, JSValueConst, int, JSValueConst*) {
  return number(context, call());
}

// process.exit: at once, for nothing is buffered and threads may still wait for what never comes.
JSValue exitProcess(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  int32_t code = 0;
  if (count > 0 && JS_ToInt32(context, &code, arguments[0]) < 0) {
    return JS_EXCEPTION;
  }
  _exit(code);
}

JSValue workingDirectory(JSContext* context, JSValueConst, int, JSValueConst*) {
  char path[PATH_MAX];
  if (getcwd(path, sizeof path) == nullptr) {
    return JS_ThrowInternalError(context, "the working directory has no path: %s", strerrordesc_np(errno));
  }
  return text(context, path);
}

// process._linkedBinding(name): the exports of an addon that the program has been linked with.
JSValue linkedBinding(JSContext* context, JSValueConst, int, JSValueConst*) {
  auto* env = static_cast<napi_env>(JS_GetContextOpaque(context));
  HandleScope scope(context, env->handles);
  napi_value exports = handleOf(env, JS_NewObject(context));
  return JS_DupValue(context, valueOf(napi_register_module_v1(env, exports)));
}

// process.env, made when it is first asked for.
JSValue environment(JSContext* context, JSValueConst process) {
  JSValue variables = JS_NewObjectProto(context, JS_NULL);
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const char* end = strchr(*entry, '=');
    if (end == nullptr) {
      continue;
    }
    JSValue name = newText(context, *entry, static_cast<size_t>(end - *entry));
    JSAtom key = JS_ValueToAtom(context, name);
    JS_FreeValue(context, name);
    // Of a name that comes twice getenv(3) gives the first.
    if (JS_HasProperty(context, variables, key) == 0) {
      JS_DefinePropertyValue(context, variables, key, text(context, end + 1), JS_PROP_C_W_E);
    }
    JS_FreeAtom(context, key);
  }
  JS_DefinePropertyValueStr(context, process, "env", JS_DupValue(context, variables), JS_PROP_C_W_E);
  return variables;
}

JSValue now(JSContext* context, JSValueConst, int, JSValueConst*) {
  return JS_NewFloat64(context, static_cast<double>(monotonicTime() - timeOrigin) / 1e6);
}

const char* architecture() {
#if defined(__x86_64__)
  return "x64";
#elif defined(__aarch64__)
  return "arm64";
#else
#error "no name for this architecture (nodejs.org/api/process.html, process.arch)"
#endif
}

struct Method {
  const char* name;
  JSCFunction* call;
};

constexpr Method kMethods[] = {
    {"exit", exitProcess},          {"cwd", workingDirectory},      {"getuid", identity<getuid>},
    {"geteuid", identity<geteuid>}, {"getgid", identity<getgid>},   {"_linkedBinding", linkedBinding},
};

}  // namespace

void defineProcess(JSContext* context, JSValueConst global) {
  JSValue process = JS_NewObject(context);
  for (const Method& method : kMethods) {
    JS_SetPropertyStr(context, process, method.name, JS_NewCFunction(context, method.call, method.name, 0));
  }
  JS_SetPropertyStr(context, process, "arch", text(context, architecture()));
  JS_SetPropertyStr(context, global, "process", process);
  JSValue performance = JS_NewObject(context);
  JS_SetPropertyStr(context, performance, "now", JS_NewCFunction(context, now, "now", 0));
  JS_SetPropertyStr(context, global, "performance", performance);
}

void describeProcess(JSContext* context, JSValueConst global, const Arguments& arguments) {
  JSValue process = JS_GetPropertyStr(context, global, "process");
  // Node.js has the script's name in the second place.
  JSValue list = JS_NewArray(context);
  uint32_t length = 0;
  JS_SetPropertyUint32(context, list, length++, text(context, "runts"));
  for (int index = 0; index < arguments.count; ++index) {
    JS_SetPropertyUint32(context, list, length++, text(context, arguments.values[index]));
  }
  JS_SetPropertyStr(context, process, "argv", list);
  JS_SetPropertyStr(context, process, "pid", number(context, getpid()));
  JSAtom env = JS_NewAtom(context, "env");
  JSCFunctionType getter = {};
  getter.getter = environment;
  JS_DefinePropertyGetSet(context, process, env,
                          JS_NewCFunction2(context, getter.generic, "env", 0, JS_CFUNC_getter, 0), JS_UNDEFINED,
                          JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE);
  JS_FreeAtom(context, env);
  JS_FreeValue(context, process);
  timeOrigin = monotonicTime();
  double sinceEpoch = static_cast<double>(timeOf(CLOCK_REALTIME)) / 1e6;
  JSValue performance = JS_GetPropertyStr(context, global, "performance");
  JS_SetPropertyStr(context, performance, "timeOrigin", JS_NewFloat64(context, sinceEpoch));
  JS_FreeValue(context, performance);
}

}  // namespace interpreter
