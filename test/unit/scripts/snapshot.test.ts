import { expect, test } from 'vitest';
import { snapshotOf } from '../../../scripts/lib/snapshot.mjs';

/*
 * Of the memory of two processes that do the same, at other addresses: 64 words each, of which the first ones are given.
 * Region and program of one begin at 0x1000 and 0x900000, those of the other at 0x5000 and 0xa00000.
 */

const REGION = { one: 0x1000n, other: 0x5000n };
const PROGRAM = { one: 0x900000n, other: 0xa00000n };

type Which = 'one' | 'other';

function memory(which: Which, first: readonly bigint[], own: [bigint, bigint] = [0n, 0n]) {
  const words = new BigUint64Array(64);
  words.set(first);
  const programBegin = PROGRAM[which];
  return {
    begin: REGION[which],
    programBegin,
    programEnd: programBegin + 0x1000n,
    own: [own],
    words,
  };
}

const wordsOf = (bytes: Buffer): bigint[] => [
  ...new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8),
];

test('addresses in the region stay and are marked, those in the program become offsets, the rest is data', () => {
  const one = memory('one', [7n, REGION.one + 8n, PROGRAM.one + 0x20n, 0x9000n]);
  const other = memory('other', [7n, REGION.other + 8n, PROGRAM.other + 0x20n, 0x9000n]);
  const { maps, region } = snapshotOf(one, other);
  expect(wordsOf(region).slice(0, 5)).toEqual([7n, REGION.one + 8n, 0x20n, 0x9000n, 0n]);
  expect(maps.subarray(0, 16).toString()).toBe('runts snapshot\0\0');
  // Size in bytes, then a map of 64 bits for each kind of address.
  expect(wordsOf(maps).slice(2)).toEqual([512n, 0b0010n, 0b0100n]);
});

test.each<[what: string, one: bigint, other: bigint]>([
  ['a number that differs', 1n, 2n],
  ['an address of the region that is a number in the other process', REGION.one + 8n, 8n],
  ['another place in the region', REGION.one + 8n, REGION.other + 16n],
  ['another place in the program', PROGRAM.one + 8n, PROGRAM.other + 16n],
  ['an address of neither, as of the stack', 0x7ff010n, 0x7fe010n],
])('there is no snapshot with %s', (_what, word, otherWord) => {
  const make = () => snapshotOf(memory('one', [word]), memory('other', [otherWord]));
  expect(make).toThrow(
    `snapshot: 1 of 64 words differ and are no addresses:\n  0: ${word.toString(16)}, ${otherWord.toString(16)}`,
  );
});

test('what belongs to one process may differ where it is said to, and is not kept', () => {
  const own: [bigint, bigint] = [REGION.one, REGION.one + 8n];
  const { region } = snapshotOf(memory('one', [1n], own), memory('other', [2n]));
  expect(wordsOf(region)[0]).toBe(0n);
  const beside = () => snapshotOf(memory('one', [0n, 1n], own), memory('other', [0n, 2n]));
  expect(beside).toThrow('1 of 64 words differ');
});

test('a number that is an address by chance is the same in both processes, and stays', () => {
  const { maps, region } = snapshotOf(memory('one', [REGION.one]), memory('other', [REGION.one]));
  expect(wordsOf(region)[0]).toBe(REGION.one);
  expect(wordsOf(maps).slice(3)).toEqual([0n, 0n]);
});

test('processes that have used different amounts of memory have no snapshot', () => {
  const other = { ...memory('other', []), words: new BigUint64Array(128) };
  expect(() => snapshotOf(memory('one', []), other)).toThrow('memory of different size');
});
