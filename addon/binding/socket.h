#pragma once

#include "call.h"

namespace runts {

napi_value socketpair(const Call& call);
napi_value shutdownSocket(const Call& call);
napi_value sendMessage(const Call& call);
napi_value receiveMessage(const Call& call);
napi_value receiveMessageAsync(const Call& call);
napi_value listenUnix(const Call& call);
napi_value acceptUnix(const Call& call);
napi_value connectUnix(const Call& call);
napi_value connectUnixStream(const Call& call);
napi_value bindUnixDatagram(const Call& call);
napi_value connectUnixDatagram(const Call& call);

}  // namespace runts
