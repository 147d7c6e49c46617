/** What the kernel and the dynamic loader are told by a program: elf(5), of 64 bits and little-endian. */
import { readFileSync } from 'node:fs';

export const ET_DYN = 3;
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_GNU_STACK = 0x6474e551;
export const PT_GNU_RELRO = 0x6474e552;
export const PF_X = 1;
export const PF_W = 2;
export const DT_NEEDED = 1n;
export const DT_FLAGS = 30n;
export const DF_BIND_NOW = 8n;

export interface Segment {
  readonly type: number;
  readonly flags: number;
}

export interface Elf {
  /** ET_DYN: it can be loaded at any address. */
  readonly type: number;
  readonly segments: readonly Segment[];
  /** Tag and value. */
  readonly dynamic: readonly (readonly [bigint, bigint])[];
}

/** @throws Error when the file is no such ELF */
export function readElf(file: string): Elf {
  const bytes = readFileSync(file);
  if (bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') throw new Error(`${file}: no ELF64`);
  const headers = Number(bytes.readBigUInt64LE(0x20));
  const size = bytes.readUInt16LE(0x36);
  const segments: Segment[] = [];
  const dynamic: [bigint, bigint][] = [];
  for (let index = 0; index < bytes.readUInt16LE(0x38); index++) {
    const at = headers + index * size;
    const type = bytes.readUInt32LE(at);
    segments.push({ type, flags: bytes.readUInt32LE(at + 4) });
    if (type !== PT_DYNAMIC) continue;
    const start = Number(bytes.readBigUInt64LE(at + 8));
    const end = start + Number(bytes.readBigUInt64LE(at + 0x20));
    for (let entry = start; entry < end; entry += 16) {
      dynamic.push([bytes.readBigUInt64LE(entry), bytes.readBigUInt64LE(entry + 8)]);
    }
  }
  return { type: bytes.readUInt16LE(0x10), segments, dynamic };
}
