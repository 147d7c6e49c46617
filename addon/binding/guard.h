#pragma once

#include "call.h"

namespace runts {

napi_value guardTerminal(const Call& call);
napi_value releaseTerminal(const Call& call);

}  // namespace runts
