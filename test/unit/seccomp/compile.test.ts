import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seccompFeatures } from '../../../src/seccomp/features.ts';
import type { Seccomp, SeccompFlag } from '../../../src/spec/types.ts';
import { ALLOW, allowing, ask, compile, EPERM, I386, refusal, X86_64 } from './support.ts';

const TSYNC = 1;
const LOG = 2;
const SPEC_ALLOW = 4;
const TSYNC_ESRCH = 16;
const WAIT_KILLABLE_RECV = 32;

const notifying = (flags: SeccompFlag[]): Seccomp => ({
  ...allowing({ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }),
  listenerPath: '/run/agent.sock',
  flags,
});

describe('flags', () => {
  test('SPEC_ALLOW where there is no list, none where the list is empty', () => {
    expect(compile(allowing()).flags).toBe(SPEC_ALLOW);
    expect(compile({ ...allowing(), flags: [] }).flags).toBe(0);
  });

  test('each is its number of seccomp(2)', () => {
    const flags: SeccompFlag[] = ['SECCOMP_FILTER_FLAG_TSYNC', 'SECCOMP_FILTER_FLAG_LOG'];
    expect(compile({ ...allowing(), flags }).flags).toBe(TSYNC | LOG);
  });

  test('a listener and TSYNC together need TSYNC_ESRCH', () => {
    expect(compile(notifying(['SECCOMP_FILTER_FLAG_TSYNC'])).flags).toBe(TSYNC | TSYNC_ESRCH);
  });

  test('WAIT_KILLABLE_RECV needs a listener, and is left out with a warning where there is none', () => {
    const flags: SeccompFlag[] = ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'];
    expect(compile(notifying(flags))).toMatchObject({ flags: WAIT_KILLABLE_RECV, warnings: [] });
    const without = compile({ ...allowing(), flags });
    expect(without.flags).toBe(0);
    expect(without.warnings).toEqual([expect.stringContaining('no rule has SCMP_ACT_NOTIFY')]);
  });
});

describe('a name that libseccomp does not know', () => {
  test('is left out with one warning for all', () => {
    const { warnings } = compile({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [
        { names: ['read', 'from_the_future'], action: 'SCMP_ACT_ALLOW' },
        { names: ['write', 'and_beyond', 'from_the_future'], action: 'SCMP_ACT_LOG' },
      ],
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^seccomp: libseccomp \d+\.\d+\.\d+ does not know .* left out: from_the_future, and_beyond$/,
    );
  });

  test('does not keep its neighbours out', () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['from_the_future', 'read'], action: 'SCMP_ACT_ALLOW' }],
    };
    expect(ask(profile, { architecture: X86_64, number: 0 })).toBe(ALLOW);
  });
});

describe('a filter', () => {
  test('of every call that the kernel headers name allows those and refuses the one left out', () => {
    const names = knownCalls().filter((name) => name !== 'mkdir');
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
      syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }],
    };
    const { filter } = compile(profile);
    expect(filter.length % 8).toBe(0);
    expect(filter.length / 8).toBeLessThanOrEqual(4096);
    expect(ask(profile, { architecture: X86_64, number: 83 })).toBe(EPERM);
    expect(ask(profile, { architecture: X86_64, number: 84 })).toBe(ALLOW);
    expect(ask(profile, { architecture: I386, number: 39 })).toBe(EPERM);
  });

  test('is the same every time', () => {
    const profile = notifying([]);
    expect(compile(profile)).toEqual(compile(profile));
  });

  test('with more instructions than the kernel takes is refused', () => {
    const args = (value: number) => [
      { index: 0, value: BigInt(value) << 32n, op: 'SCMP_CMP_EQ' as const },
    ];
    const profile = allowing(
      ...Array.from({ length: 1500 }, (_, value) => ({
        names: ['personality'],
        action: 'SCMP_ACT_ERRNO' as const,
        args: args(value),
      })),
    );
    expect(refusal(profile)).toMatchObject({
      pointer: '/linux/seccomp',
      detail: expect.stringMatching(/^the filter has \d+ instructions and the kernel takes 4096/),
    });
  });
});

describe('features', () => {
  test('name every word of the specification that is understood', () => {
    const features = seccompFeatures();
    expect(features.actions).toHaveLength(9);
    expect(features.operators).toHaveLength(7);
    expect(features.archs).toEqual(
      expect.arrayContaining(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_AARCH64']),
    );
    expect(features.archs).not.toContain('SCMP_ARCH_M68K');
    expect(features.knownFlags).toHaveLength(4);
    expect(features.libseccompVersion).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('tell the flags of this kernel', () => {
    expect(seccompFeatures().supportedFlags).toEqual(
      expect.arrayContaining(['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_TSYNC']),
    );
  });
});

function knownCalls(): string[] {
  const header = readFileSync('/usr/include/x86_64-linux-gnu/asm/unistd_64.h', 'utf8');
  return [...header.matchAll(/^#define __NR_(\w+)/gm)].map(([, name = '']) => name);
}
