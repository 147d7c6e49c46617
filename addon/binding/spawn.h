#pragma once

#include "call.h"

namespace runts {

napi_value spawnHelper(const Call& call);

}  // namespace runts
