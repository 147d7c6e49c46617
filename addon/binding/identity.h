#pragma once

#include "call.h"

namespace runts {

napi_value buildId(const Call& call);
napi_value checksum(const Call& call);

}  // namespace runts
