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
 * @returns other bytes wherever the filter could be another
 */
export function seccompKey(seccomp: Seccomp, hostArch: string): Buffer {
  return Buffer.from(`${COMPILER_ID} ${buildId()} ${hostArch}\n${textOf(seccomp)}`);
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
export function encodeEntry(key: Buffer, { filter, ...rest }: CompiledSeccomp): Buffer {
  const text = Buffer.from(JSON.stringify(rest));
  const header = Buffer.alloc(HEADER_SIZE);
  for (const [index, word] of [MAGIC, key.length, filter.length, text.length].entries()) {
    header.writeUInt32LE(word, CHECKSUM_SIZE + index * 4);
  }
  const bytes = Buffer.concat([header, key, filter, text]);
  bytes.writeUInt32LE(checksum(bytes.subarray(CHECKSUM_SIZE)), 0);
  return bytes;
}

/**
 * @param content of the file, whatever they are
 * @param key what a filter is wanted for
 * @returns undefined where they are damaged, or for something else
 */
export function decodeEntry(content: Uint8Array, key: Buffer): CompiledSeccomp | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  if (bytes.length < HEADER_SIZE || bytes.readUInt32LE(4) !== MAGIC) return undefined;
  if (bytes.readUInt32LE(8) !== key.length) return undefined;
  const filterAt = HEADER_SIZE + key.length;
  const size = bytes.readUInt32LE(12);
  const textAt = filterAt + size;
  if (textAt + bytes.readUInt32LE(16) !== bytes.length || !isFilterSize(size)) return undefined;
  if (!bytes.subarray(HEADER_SIZE, filterAt).equals(key)) return undefined;
  if (bytes.readUInt32LE(0) !== checksum(bytes.subarray(CHECKSUM_SIZE))) return undefined;
  const rest = JSON.parse(bytes.toString('utf8', textAt)) as Omit<CompiledSeccomp, 'filter'>;
  return { filter: bytes.subarray(filterAt, textAt), ...rest };
}

const isFilterSize = (size: number): boolean =>
  size > 0 && size % INSTRUCTION_SIZE === 0 && size <= MOST_INSTRUCTIONS * INSTRUCTION_SIZE;
