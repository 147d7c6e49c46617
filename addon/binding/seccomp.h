#pragma once

#include "call.h"

namespace runts {

napi_value seccompCompile(const Call& call);
napi_value seccompResolve(const Call& call);
napi_value seccompHasFlags(const Call& call);
napi_value seccompVersion(const Call& call);

}  // namespace runts
