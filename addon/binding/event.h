#pragma once

#include "call.h"

namespace runts {

napi_value eventfd(const Call& call);
napi_value readEventAsync(const Call& call);
napi_value pipe(const Call& call);

}  // namespace runts
