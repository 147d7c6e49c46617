// Starting a child process.
//
// fork(2) would copy the page tables of a JavaScript interpreter; vfork semantics (CLONE_VM | CLONE_VFORK) copy nothing,
// and because memory is shared the child can say which of its calls failed. Until execve the child runs in the
// memory of a process whose other threads go on: it makes system calls, writes to what it was given, and nothing else.
#pragma once

#include "call.h"

namespace runts {

// What the child does with `data` until it executes its program: it comes back only with a failure.
using Execute = Failure (*)(void* data);

// Starts a child process that has every signal at its default action and none blocked; comes back when it executes
// its program, or when that has failed: then there is no child. `pidfd` is close-on-exec and the caller's.
Failure startChild(Execute execute, void* data, int* pid, int* pidfd);

// For the child: makes `descriptors` its 0, 1, 2 …, whatever numbers they have, and closes all others.
Failure placeDescriptors(int* descriptors, int count);

}  // namespace runts
