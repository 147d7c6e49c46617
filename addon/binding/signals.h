#pragma once

#include "call.h"

namespace runts {

napi_value noteSignals(const Call& call);
napi_value forgetSignals(const Call& call);

}  // namespace runts
