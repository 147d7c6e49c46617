// What a process that init forks shares of the privileges of the program.
#pragma once
#include "decode.h"

// Makes use of every capability that is still permitted. Returns 0 or a negative errno.
[[nodiscard]] long raise_effective();

// Loads a filter for the calling process. Returns a listener if the flags ask for one, 0, or a negative errno.
[[nodiscard]] long load_filter(Bytes filter, unsigned flags);
