#pragma once

#include "call.h"

namespace runts {

napi_value startProgram(const Call& call);

}  // namespace runts
