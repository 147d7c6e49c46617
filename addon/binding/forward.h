#pragma once

#include "call.h"

namespace runts {

napi_value waitForwarding(const Call& call);
napi_value waitForwardingAsync(const Call& call);

}  // namespace runts
