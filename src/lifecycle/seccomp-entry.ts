import { concatBytes, decodeText, encodeText, viewOf } from '../bytes.ts';
import type { CompiledSeccomp } from '../seccomp/compile.ts';
import { COMPILER_ID } from '../seccomp/generated/compiler-id.ts';
import type { Seccomp } from '../spec/types.ts';
import { buildId, checksum } from '../syscalls/identity.ts';

/*
 * A compiled filter as a file. 32-bit words: checksum of all behind it, MAGIC, length of the key, of the filter, of the
 * rest of the result; then these three, the last one as JSON.
 */

const MAGIC = 0x3153_4352;
const CHECKSUM_SIZE = 4;
const HEADER_SIZE = 20;

const INSTRUCTION_SIZE = 8;
/** BPF_MAXINSNS of linux/bpf_common.h. */
const MOST_INSTRUCTIONS = 4096;

/**
 * All that a compiled filter depends on: the compiler, which are our sources and the addon with libseccomp in it, the
 * architecture, and the profile. The kernel is no part of it, because libseccomp does not ask it (addon/binding/seccomp.cc).
 *
 * @param hostArch as `process.arch` has it
 * @returns another text wherever the filter could be another
 */
export function seccompKey(seccomp: Seccomp, hostArch: string): string {
  return `${COMPILER_ID} ${buildId()} ${hostArch}\n${textOf(seccomp)}`;
}

function textOf(seccomp: Seccomp): string {
  try {
    return JSON.stringify(seccomp);
  } catch {
    // It has integers that no number holds. Not printed as digits: a number that has lost some may print the same.
    return JSON.stringify(seccomp, (_name, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
  }
}

/** @returns the content of the file */
export function encodeEntry(key: string, { filter, ...rest }: CompiledSeccomp): Uint8Array {
  const parts = [encodeText(key), filter, encodeText(JSON.stringify(rest))];
  const bytes = concatBytes(new Uint8Array(HEADER_SIZE), ...parts);
  const words = viewOf(bytes);
  for (const [index, word] of [MAGIC, ...parts.map(({ length }) => length)].entries()) {
    words.setUint32(CHECKSUM_SIZE + index * 4, word, true);
  }
  words.setUint32(0, checksum(bytes.subarray(CHECKSUM_SIZE)), true);
  return bytes;
}

/**
 * @param bytes of the file, whatever they are
 * @param key what a filter is wanted for
 * @returns undefined where they are damaged, or for something else
 */
export function decodeEntry(bytes: Uint8Array, key: string): CompiledSeccomp | undefined {
  if (bytes.length < HEADER_SIZE) return undefined;
  const words = viewOf(bytes);
  if (words.getUint32(4, true) !== MAGIC) return undefined;
  const filterAt = HEADER_SIZE + words.getUint32(8, true);
  const size = words.getUint32(12, true);
  const textAt = filterAt + size;
  if (textAt + words.getUint32(16, true) !== bytes.length || !isFilterSize(size)) return undefined;
  if (decodeText(bytes.subarray(HEADER_SIZE, filterAt)) !== key) return undefined;
  if (words.getUint32(0, true) !== checksum(bytes.subarray(CHECKSUM_SIZE))) return undefined;
  const rest = JSON.parse(decodeText(bytes.subarray(textAt))) as Omit<CompiledSeccomp, 'filter'>;
  return { filter: bytes.subarray(filterAt, textAt), ...rest };
}

const isFilterSize = (size: number): boolean =>
  size > 0 && size % INSTRUCTION_SIZE === 0 && size <= MOST_INSTRUCTIONS * INSTRUCTION_SIZE;
