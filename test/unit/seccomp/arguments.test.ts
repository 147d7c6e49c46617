import { describe, expect, test } from 'vitest';
import type { Seccomp, SeccompArg, SeccompOperator } from '../../../src/spec/types.ts';
import { ALLOW, allowing, ask, EPERM, I386, refusal, verdict } from './support.ts';

/** Its first argument is 64 bits wide like every other. */
const PERSONALITY = 135;

const refusing = (...args: SeccompArg[]): Seccomp =>
  allowing({ names: ['personality'], action: 'SCMP_ACT_ERRNO', args });

type Compare = (argument: bigint, value: bigint, second: bigint) => boolean;

const MEANING: Readonly<Record<SeccompOperator, Compare>> = {
  SCMP_CMP_NE: (argument, value) => argument !== value,
  SCMP_CMP_LT: (argument, value) => argument < value,
  SCMP_CMP_LE: (argument, value) => argument <= value,
  SCMP_CMP_EQ: (argument, value) => argument === value,
  SCMP_CMP_GE: (argument, value) => argument >= value,
  SCMP_CMP_GT: (argument, value) => argument > value,
  SCMP_CMP_MASKED_EQ: (argument, mask, value) => (argument & mask) === value,
};

const LAST = (1n << 64n) - 1n;
/** Around every edge: of 32 bits, of the sign, of the 53 bits of a JavaScript number, of 64 bits. */
const EDGES = [
  0n,
  1n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1_0000_0001n,
  (1n << 53n) - 1n,
  (1n << 53n) + 1n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  LAST - 1n,
  LAST,
];

describe('every operator compares all 64 bits, unsigned', () => {
  for (const op of Object.keys(MEANING) as SeccompOperator[]) {
    test(op, () => {
      for (const value of EDGES) {
        const profile = refusing({ index: 0, value, valueTwo: value & 0xff00_0000_00ffn, op });
        const expected = EDGES.map((argument) =>
          MEANING[op](argument, value, value & 0xff00_0000_00ffn) ? EPERM : ALLOW,
        );
        expect(
          EDGES.map((argument) => verdict(profile, PERSONALITY, argument)),
          `${op} ${value}`,
        ).toEqual(expected);
      }
    });
  }
});

describe('arguments', () => {
  test('each of the six can be looked at', () => {
    for (let index = 0; index < 6; index++) {
      const profile = refusing({ index, value: 7, op: 'SCMP_CMP_EQ' });
      const args = [0n, 0n, 0n, 0n, 0n, 0n].map((zero, at) => (at === index ? 7n : zero));
      expect(verdict(profile, PERSONALITY, ...args)).toBe(EPERM);
      expect(verdict(profile, PERSONALITY)).toBe(ALLOW);
    }
  });

  test('a number and a bigint of the same value mean the same', () => {
    const profile = refusing({ index: 0, value: 0x20008, op: 'SCMP_CMP_EQ' });
    expect(verdict(profile, PERSONALITY, 0x20008n)).toBe(EPERM);
  });

  test('comparisons of different arguments must all hold', () => {
    const profile = refusing(
      { index: 0, value: 1, op: 'SCMP_CMP_EQ' },
      { index: 1, value: 2, op: 'SCMP_CMP_GE' },
    );
    expect(verdict(profile, PERSONALITY, 1n, 2n)).toBe(EPERM);
    expect(verdict(profile, PERSONALITY, 1n, 1n)).toBe(ALLOW);
    expect(verdict(profile, PERSONALITY, 0n, 2n)).toBe(ALLOW);
  });

  test('of several comparisons of one argument any is enough', () => {
    const profile = refusing(
      { index: 0, value: 1, op: 'SCMP_CMP_EQ' },
      { index: 0, value: 3, op: 'SCMP_CMP_EQ' },
      { index: 1, value: 9, op: 'SCMP_CMP_EQ' },
    );
    expect(verdict(profile, PERSONALITY, 1n)).toBe(EPERM);
    expect(verdict(profile, PERSONALITY, 3n)).toBe(EPERM);
    expect(verdict(profile, PERSONALITY, 2n)).toBe(ALLOW);
    expect(verdict(profile, PERSONALITY, 2n, 9n)).toBe(EPERM);
  });

  test('entries about one call are alternatives', () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [0x0, 0x8, 0x20000, 0x20008, 0xffffffff].map((value) => ({
        names: ['personality'],
        action: 'SCMP_ACT_ALLOW' as const,
        args: [{ index: 0, value, op: 'SCMP_CMP_EQ' as const }],
      })),
    };
    expect(verdict(profile, PERSONALITY, 0x20008n)).toBe(ALLOW);
    expect(verdict(profile, PERSONALITY, 0x20009n)).toBe(EPERM);
  });

  test('a rule without comparisons stands beside one with them', () => {
    const clone = (entries: Seccomp['syscalls']): Seccomp => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: entries ?? [],
    });
    const some = {
      names: ['clone'],
      action: 'SCMP_ACT_ALLOW' as const,
      args: [{ index: 0, value: 0x7e02_0000, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' as const }],
    };
    const all = { names: ['clone'], action: 'SCMP_ACT_ALLOW' as const };
    expect(verdict(clone([some]), 56, 0x1000_0000n)).toBe(EPERM);
    expect(verdict(clone([some]), 56, 0x11n)).toBe(ALLOW);
    expect(verdict(clone([some, all]), 56, 0x1000_0000n)).toBe(ALLOW);
    expect(verdict(clone([all, some]), 56, 0x1000_0000n)).toBe(ALLOW);
  });

  test('a 32-bit call is compared by its 32 bits', () => {
    const profile: Seccomp = {
      ...refusing({ index: 0, value: 0x20008, op: 'SCMP_CMP_EQ' }),
      architectures: ['SCMP_ARCH_X86'],
    };
    const personality = { architecture: I386, number: 136 };
    expect(ask(profile, { ...personality, args: [0x20008n] })).toBe(EPERM);
    expect(ask(profile, { ...personality, args: [0x20009n] })).toBe(ALLOW);
  });

  test('there is no seventh', () => {
    expect(refusal(refusing({ index: 6, value: 0, op: 'SCMP_CMP_EQ' }))).toMatchObject({
      pointer: '/linux/seccomp/syscalls/0/args/0/index',
      detail: 'a system call has arguments 0 to 5, not 6',
    });
  });
});
