// The addon's only export: a function that takes the class of its errors and returns everything else.
#include "call.h"
#include "directories.h"
#include "event.h"
#include "files.h"
#include "forward.h"
#include "guard.h"
#include "identity.h"
#include "instance.h"
#include "lock.h"
#include "memfd.h"
#include "mount.h"
#include "program.h"
#include "relay.h"
#include "seccomp.h"
#include "signals.h"
#include "socket.h"
#include "spawn.h"
#include "terminal.h"
#include "wait.h"

namespace runts {
namespace {

constexpr Function kFunctions[] = {
    {"openFile", entry<openFile>},
    {"closeFile", entry<closeFile>},
    {"readFile", entry<readFile>},
    {"readText", entry<readText>},
    {"readDescriptor", entry<readDescriptor>},
    {"readSome", entry<readSome>},
    {"writeFile", entry<writeFile>},
    {"writeSome", entry<writeSome>},
    {"writeWhole", entry<writeWhole>},
    {"renameFile", entry<renameFile>},
    {"removeFile", entry<removeFile>},
    {"makeDirectory", entry<makeDirectory>},
    {"removeDirectory", entry<removeDirectory>},
    {"removeTree", entry<removeTree>},
    {"listDirectory", entry<listDirectory>},
    {"fileStatus", entry<fileStatus>},
    {"descriptorStatus", entry<descriptorStatus>},
    {"isSameFile", entry<isSameFile>},
    {"readLink", entry<readLink>},
    {"realPath", entry<realPath>},
    {"fileSystemType", entry<fileSystemType>},
    {"changeMode", entry<changeMode>},
    {"canAccess", entry<canAccess>},
    {"socketpair", entry<socketpair>},
    {"shutdownSocket", entry<shutdownSocket>},
    {"sendMessage", entry<sendMessage>},
    {"receiveMessage", entry<receiveMessage>},
    {"receiveMessageAsync", entry<receiveMessageAsync>},
    {"listenUnix", entry<listenUnix>},
    {"acceptUnix", entry<acceptUnix>},
    {"connectUnix", entry<connectUnix>},
    {"connectUnixStream", entry<connectUnixStream>},
    {"bindUnixDatagram", entry<bindUnixDatagram>},
    {"connectUnixDatagram", entry<connectUnixDatagram>},
    {"memfd", entry<memfd>},
    {"spawnHelper", entry<spawnHelper>},
    {"startProgram", entry<startProgram>},
    {"pidfdOpen", entry<pidfdOpen>},
    {"pidfdSendSignal", entry<pidfdSendSignal>},
    {"waitExit", entry<waitExit>},
    {"waitExitAsync", entry<waitExitAsync>},
    {"waitForwarding", entry<waitForwarding>},
    {"waitForwardingAsync", entry<waitForwardingAsync>},
    {"pollExit", entry<pollExit>},
    {"pollExitAsync", entry<pollExitAsync>},
    {"setSubreaper", entry<setSubreaper>},
    {"noteSignals", entry<noteSignals>},
    {"forgetSignals", entry<forgetSignals>},
    {"eventfd", entry<eventfd>},
    {"readEventAsync", entry<readEventAsync>},
    {"pipe", entry<pipe>},
    {"lockFile", entry<lockFile>},
    {"detachMount", entry<detachMount>},
    {"getTermios", entry<getTermios>},
    {"setTermios", entry<setTermios>},
    {"makeRaw", entry<makeRaw>},
    {"getWindowSize", entry<getWindowSize>},
    {"setWindowSize", entry<setWindowSize>},
    {"relay", entry<relay>},
    {"guardTerminal", entry<guardTerminal>},
    {"releaseTerminal", entry<releaseTerminal>},
    {"seccompCompile", entry<seccompCompile>},
    {"seccompResolve", entry<seccompResolve>},
    {"seccompHasFlags", entry<seccompHasFlags>},
    {"seccompVersion", entry<seccompVersion>},
    {"buildId", entry<buildId>},
    {"checksum", entry<checksum>},
};

napi_value bind(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value error = nullptr;
  expect(napi_get_cb_info(env, info, &count, &error, nullptr, nullptr) == napi_ok && count == 1, "no error class");
  setErrorClass(env, error);
  napi_value result = nullptr;
  expect(napi_create_object(env, &result) == napi_ok, "no object");
  for (const Function& function : kFunctions) {
    napi_value value = nullptr;
    expect(napi_create_function(env, function.name, NAPI_AUTO_LENGTH, function.entry, nullptr, &value) == napi_ok &&
               napi_set_named_property(env, result, function.name, value) == napi_ok,
           "a function cannot be offered");
  }
  return result;
}

}  // namespace
}  // namespace runts

NAPI_MODULE_INIT() {
  napi_value result = nullptr;
  runts::expect(napi_create_function(env, "bind", NAPI_AUTO_LENGTH, runts::bind, nullptr, &result) == napi_ok &&
                    napi_set_named_property(env, exports, "bind", result) == napi_ok,
                "nothing can be exported");
  return exports;
}
