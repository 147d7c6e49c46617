#pragma once

#include "call.h"
#include "descriptor.h"

namespace runts {

// Makes an anonymous memory file that holds `content`, close-on-exec; `seal` makes it unchangeable for ever.
// `executable` asks the kernel for the x bit even where vm.memfd_noexec takes it away by default.
Failure makeMemoryFile(const char* name, const Bytes& content, bool seal, bool executable, Descriptor* result);

napi_value memfd(const Call& call);

}  // namespace runts
