#pragma once
#include "call.h"

namespace runts {

napi_value detachMount(const Call& call);

}  // namespace runts
