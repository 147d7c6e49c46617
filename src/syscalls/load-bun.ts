import type { Addon } from './binding.ts';

/** Size of the addon, which is the end of the binary (scripts/build.mjs). */
declare const RUNTS_ADDON_BYTES: number;

/** memfd_create(2): no program that we start inherits the file. */
const MFD_CLOEXEC = 1;
/** It can be mapped as a library but never executed; Linux 6.3 wants to be told which of the two a file is for. */
const MFD_NOEXEC_SEAL = 8;
const O_CLOEXEC = 0o2000000;
const SEEK_END = 2;

/**
 * Loads the addon on Bun, where it is the end of the binary.
 *
 * Left to itself, Bun would copy an embedded one into /tmp, where others can write, under a name that they can compute.
 * The dynamic loader wants a path, so the bytes go into an anonymous memory file, which has none that anybody else
 * could reach. It is the kernel that copies them: to load `node:fs` for it would take as long as all the rest.
 *
 * @throws Error where memory files or /proc are not to be had, or the addon cannot be linked.
 */
export function loadAddon(): Addon {
  // What the module `bun:ffi` is made of, and half a millisecond faster to get at.
  const { dlopen, ptr } = Bun.FFI;
  const { symbols: libc } = dlopen('libc.so.6', {
    memfd_create: { args: ['ptr', 'u32'], returns: 'i32' },
    open: { args: ['ptr', 'i32'], returns: 'i32' },
    lseek: { args: ['i32', 'i64_fast', 'i32'], returns: 'i64_fast' },
    sendfile: { args: ['i32', 'i32', 'ptr', 'usize'], returns: 'i64_fast' },
    close: { args: ['i32'], returns: 'i32' },
  });
  const path = cString('/proc/self/exe');
  const binary = libc.open(ptr(path), O_CLOEXEC);
  if (binary < 0) throw new Error('/proc/self/exe cannot be opened: is /proc mounted?');
  const name = cString('runts-addon');
  let file = libc.memfd_create(ptr(name), MFD_CLOEXEC | MFD_NOEXEC_SEAL);
  if (file < 0) file = libc.memfd_create(ptr(name), MFD_CLOEXEC);
  if (file < 0) throw new Error('memfd_create: the kernel gives no memory file for the addon');
  if (libc.lseek(binary, -RUNTS_ADDON_BYTES, SEEK_END) < 0) {
    throw new Error('the binary is smaller than its addon: was it stripped?');
  }
  for (let missing = RUNTS_ADDON_BYTES; missing > 0; ) {
    const copied = libc.sendfile(file, binary, null, missing);
    if (copied <= 0) throw new Error('the addon cannot be copied from the end of the binary');
    missing -= copied;
  }
  const module = { exports: {} };
  process.dlopen(module, `/proc/self/fd/${file}`);
  libc.close(file);
  libc.close(binary);
  return module.exports as Addon;
}

/** Of ASCII. The first call of `Buffer.from` alone would take a tenth of a millisecond. */
function cString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length + 1);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
