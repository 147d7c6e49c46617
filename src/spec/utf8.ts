import { decodeText } from '../bytes.ts';
import { type Place, placeOf } from './place.ts';

export interface BadByte extends Place {
  readonly byte: number;
}

/**
 * Finds where bytes stop being UTF-8 by RFC 3629. Called only for bytes that are known not to be.
 *
 * @returns the first byte of the first bad sequence, and its place as an editor would count it
 */
export function findBadByte(bytes: Uint8Array): BadByte {
  let at = 0;
  for (let length = 1; length > 0 && at < bytes.length; at += length) {
    length = sequenceLength(bytes, at);
  }
  const before = decodeText(bytes.subarray(0, at));
  return { ...placeOf(before, before.length), byte: bytes[at] ?? 0 };
}

/** @returns the length of the sequence that begins here, 0 if none does */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  // The second byte's range keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] ?? 0;
  if (second < low || second > high) return 0;
  for (let next = 2; next < length; next++) {
    if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}
