import { dlopen } from 'bun:ffi';
import { closeSync, readFileSync, writeSync } from 'node:fs';
import embedded from '../../build/Release/runts.node' with { type: 'file' };
import type { Addon } from './binding.ts';

/** memfd_create(2): no program that we start inherits the file. */
const MFD_CLOEXEC = 1;
/** It can be mapped as a library but never executed; Linux 6.3 wants to be told which of the two a file is for. */
const MFD_NOEXEC_SEAL = 8;

/**
 * Loads the addon on Bun, where it is a file inside the binary.
 *
 * Left to itself, Bun would copy it into /tmp, where others can write, under a name that they can compute. The dynamic
 * loader wants a path, so the bytes go into an anonymous memory file, which has none that anybody else could reach.
 *
 * @throws Error where memory files or /proc are not to be had, or the addon cannot be linked.
 */
export function loadAddon(): Addon {
  const file = createMemoryFile();
  try {
    writeAll(file, readFileSync(embedded));
    const module = { exports: {} };
    process.dlopen(module, `/proc/self/fd/${file}`);
    return module.exports as Addon;
  } finally {
    closeSync(file);
  }
}

/** The one system call that is needed before the addon is there; libc is already part of the process. */
function createMemoryFile(): number {
  const libc = dlopen('libc.so.6', { memfd_create: { args: ['ptr', 'u32'], returns: 'i32' } });
  const name = Buffer.from('runts-addon\0');
  const flags = [MFD_CLOEXEC | MFD_NOEXEC_SEAL, MFD_CLOEXEC];
  for (const flag of flags) {
    const file = libc.symbols.memfd_create(name, flag);
    if (file >= 0) {
      return file;
    }
  }
  throw new Error('memfd_create: the kernel gives no memory file for the addon');
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done);
  }
}
