import { describe, expect, test } from 'vitest';
import type {
  Seccomp,
  SeccompArg,
  SeccompOperator,
  SeccompSyscall,
} from '../../../src/spec/types.ts';
import { evaluate } from './evaluate.ts';
import { ALLOW, allowing, compile, EPERM, verdict, X86_64 } from './support.ts';

const CLONE = 56;
const MKDIR = 83;
const PERSONALITY = 135;

const errno = (name: string, errnoRet: number, ...args: SeccompArg[]): SeccompSyscall => ({
  names: [name],
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  ...(args.length > 0 && { args }),
});
const arg = (
  index: number,
  op: SeccompOperator,
  value: number | bigint,
  valueTwo?: bigint,
): SeccompArg => ({ index, op, value, ...(valueTwo !== undefined && { valueTwo }) });
const returned = (number: number): number => 0x0005_0000 + number;

describe('several rules of one call', () => {
  test('that compare by order match what one of them matches, and nothing between', () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [
        { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [arg(0, 'SCMP_CMP_LT', 1)] },
        {
          names: ['clone'],
          action: 'SCMP_ACT_ALLOW',
          args: [arg(0, 'SCMP_CMP_GT', 0x1_0000_0001)],
        },
      ],
    };
    const asked = [0n, 1n, 2n, 0xffff_ffffn, 0x1_0000_0001n, 0x1_0000_0002n, 1n << 63n];
    expect(asked.map((argument) => verdict(profile, CLONE, argument))).toEqual([
      ALLOW,
      EPERM,
      EPERM,
      EPERM,
      EPERM,
      ALLOW,
      ALLOW,
    ]);
  });

  test('are tried in the order of the profile: the first that matches decides', () => {
    const first = errno('mkdir', 5, arg(0, 'SCMP_CMP_EQ', 1));
    const second = errno('mkdir', 9, arg(1, 'SCMP_CMP_EQ', 1));
    expect(verdict(allowing(first, second), MKDIR, 1n, 1n)).toBe(returned(5));
    expect(verdict(allowing(second, first), MKDIR, 1n, 1n)).toBe(returned(9));
    expect(verdict(allowing(first, second), MKDIR, 0n, 1n)).toBe(returned(9));
    expect(verdict(allowing(first, second), MKDIR, 0n, 0n)).toBe(ALLOW);
  });

  test('give way to one without comparisons, wherever it stands', () => {
    const some = errno('mkdir', 5, arg(0, 'SCMP_CMP_GT', 1));
    const always = errno('mkdir', 7);
    expect(verdict(allowing(some, always), MKDIR, 2n)).toBe(returned(7));
    expect(verdict(allowing(always, some), MKDIR, 2n)).toBe(returned(7));
    expect(verdict(allowing(always, errno('mkdir', 8)), MKDIR)).toBe(returned(7));
  });

  test('that begin alike are compiled at all', () => {
    const alike = arg(0, 'SCMP_CMP_LE', 0x1_ffff_ffff);
    const profile = allowing(
      errno('clone', 1, alike, arg(1, 'SCMP_CMP_LE', (1n << 64n) - 1n)),
      errno(
        'clone',
        1,
        alike,
        arg(1, 'SCMP_CMP_MASKED_EQ', 7, 0n),
        arg(2, 'SCMP_CMP_EQ', 0x8000_0000),
      ),
    );
    expect(verdict(profile, CLONE, 5n)).toBe(EPERM);
    expect(verdict(profile, CLONE, 0x2_0000_0000n)).toBe(ALLOW);
  });

  test('work beside each other on every architecture', () => {
    const profile: Seccomp = {
      ...allowing(
        errno('personality', 1, arg(0, 'SCMP_CMP_GE', 100), arg(1, 'SCMP_CMP_NE', 0)),
        errno('personality', 2, arg(0, 'SCMP_CMP_LT', 10)),
        errno('mkdir', 3),
      ),
      architectures: ['SCMP_ARCH_X86'],
    };
    const { filter } = compile(profile);
    const ask = (architecture: number, number: number, ...args: bigint[]) =>
      evaluate(filter, { architecture, number, args });
    for (const [architecture, personality, mkdir] of [
      [X86_64, PERSONALITY, MKDIR],
      [0x4000_0003, 136, 39],
    ] as const) {
      expect(ask(architecture, personality, 100n, 1n)).toBe(returned(1));
      expect(ask(architecture, personality, 100n, 0n)).toBe(ALLOW);
      expect(ask(architecture, personality, 9n, 1n)).toBe(returned(2));
      expect(ask(architecture, mkdir)).toBe(returned(3));
    }
  });
});

test('filters say of random profiles what their rules say one by one', () => {
  const random = generator(20_260_101);
  for (let round = 0; round < 300; round++) {
    const syscalls = Array.from({ length: 1 + random(4) }, () => randomEntry(random));
    const { filter } = compile(allowing(...syscalls));
    for (let call = 0; call < 20; call++) {
      const [name, number] = pick(random, Object.entries(CALLS));
      const args = [0, 1, 2].map(() => pick(random, VALUES));
      const said = evaluate(filter, { architecture: X86_64, number, args });
      const told = JSON.stringify({ syscalls, name, args }, (_, value) =>
        typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
      );
      expect(said, told).toBe(expected(syscalls, name, args));
    }
  }
});

type Random = (below: number) => number;

const CALLS = { clone: CLONE, mkdir: MKDIR, personality: PERSONALITY };
const VALUES = [
  0n,
  1n,
  2n,
  7n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1_0000_0001n,
  0xffff_ffff_0000_0000n,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
];
const HOLDS: Readonly<Record<SeccompOperator, (a: bigint, b: bigint, c: bigint) => boolean>> = {
  SCMP_CMP_NE: (argument, value) => argument !== value,
  SCMP_CMP_LT: (argument, value) => argument < value,
  SCMP_CMP_LE: (argument, value) => argument <= value,
  SCMP_CMP_EQ: (argument, value) => argument === value,
  SCMP_CMP_GE: (argument, value) => argument >= value,
  SCMP_CMP_GT: (argument, value) => argument > value,
  SCMP_CMP_MASKED_EQ: (argument, mask, value) => (argument & mask) === value,
};

/** The same numbers every time (Numerical Recipes' constants). */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 10) % below;
  };
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)] as T;
}

function randomEntry(random: Random): SeccompSyscall {
  const args = [0, 1, 2]
    .filter(() => random(2) === 0)
    .map((index) => {
      const value = pick(random, VALUES);
      const op = pick(random, Object.keys(HOLDS) as SeccompOperator[]);
      return arg(index, op, value, op === 'SCMP_CMP_MASKED_EQ' ? pick(random, VALUES) & value : 0n);
    });
  return errno(pick(random, Object.keys(CALLS)), 1 + random(3), ...args);
}

function expected(syscalls: readonly SeccompSyscall[], name: string, args: bigint[]): number {
  const ofCall = syscalls.filter(({ names }) => names.includes(name));
  const rule =
    ofCall.find((entry) => entry.args === undefined) ??
    ofCall.find((entry) =>
      entry.args?.every(({ op, index, value, valueTwo }) =>
        HOLDS[op](args[index] ?? 0n, BigInt(value), BigInt(valueTwo ?? 0)),
      ),
    );
  return rule?.errnoRet === undefined ? ALLOW : returned(rule.errnoRet);
}
