#pragma once

#include "call.h"

namespace runts {

napi_value lockFile(const Call& call);

}  // namespace runts
