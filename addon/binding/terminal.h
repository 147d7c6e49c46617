#pragma once

#include "call.h"

namespace runts {

napi_value getTermios(const Call& call);
napi_value setTermios(const Call& call);
napi_value makeRaw(const Call& call);
napi_value getWindowSize(const Call& call);
napi_value setWindowSize(const Call& call);

}  // namespace runts
