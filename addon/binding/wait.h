#pragma once

#include "call.h"

namespace runts {

napi_value pidfdOpen(const Call& call);
napi_value pidfdSendSignal(const Call& call);
napi_value waitExit(const Call& call);
napi_value waitExitAsync(const Call& call);
napi_value waitExitReapingAsync(const Call& call);
napi_value pollExit(const Call& call);
napi_value pollExitAsync(const Call& call);
napi_value setSubreaper(const Call& call);

}  // namespace runts
