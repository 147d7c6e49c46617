#pragma once

#include "call.h"

namespace runts {

napi_value makeDirectory(const Call& call);
napi_value removeDirectory(const Call& call);
napi_value removeTree(const Call& call);
napi_value listDirectory(const Call& call);

}  // namespace runts
