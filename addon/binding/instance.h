// What the addon keeps for one JavaScript environment (one per worker thread): the class of its errors.
#pragma once

#include "call.h"

namespace runts {

// Keeps `error`, a class whose constructor takes (syscall, code, errno), for the life of the environment.
void setErrorClass(napi_env env, napi_value error);
napi_value errorClass(napi_env env);

}  // namespace runts
