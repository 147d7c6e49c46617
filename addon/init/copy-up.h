// Fills a new tmpfs with what the image has at its place (the mount option `tmpcopyup`).
#pragma once
#include "sys.h"

// Copies the directory `from` into the directory `to`: files, directories, links and special files with owner and mode,
// but no extended attributes. Returns 0 or a negative errno; ELOOP for more than 256 levels.
[[nodiscard]] long copy_up(int from, int to);
