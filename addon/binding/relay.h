#pragma once

#include "call.h"

namespace runts {

napi_value relay(const Call& call);

}  // namespace runts
