import { describe, expect, test } from 'vitest';
import { compileSeccomp } from '../../../src/seccomp/compile.ts';
import type { Seccomp } from '../../../src/spec/types.ts';
import {
  AARCH64,
  ALLOW,
  ask,
  compile,
  ENOSYS,
  EPERM,
  I386,
  KILL_THREAD,
  refusal,
  X32_BIT,
  X86_64,
} from './support.ts';

const native: Seccomp = {
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ names: ['read', 'mkdir', 'statx'], action: 'SCMP_ACT_ALLOW' }],
};
const all: Seccomp = {
  ...native,
  architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64'],
};

describe('architectures', () => {
  test('the native one is part of every filter, and no other', () => {
    expect(ask(native, { architecture: X86_64, number: 83 })).toBe(ALLOW);
    expect(ask(native, { architecture: I386, number: 39 })).toBe(KILL_THREAD);
    expect(ask(native, { architecture: AARCH64, number: 63 })).toBe(KILL_THREAD);
    expect(ask(native, { architecture: X86_64, number: X32_BIT + 83 })).toBe(KILL_THREAD);
  });

  test('each has its own numbers', () => {
    expect(ask(all, { architecture: X86_64, number: 83 })).toBe(ALLOW);
    expect(ask(all, { architecture: X86_64, number: 39 })).toBe(EPERM);
    expect(ask(all, { architecture: I386, number: 39 })).toBe(ALLOW);
    expect(ask(all, { architecture: I386, number: 83 })).toBe(EPERM);
    expect(ask(all, { architecture: X86_64, number: X32_BIT + 83 })).toBe(ALLOW);
    expect(ask(all, { architecture: X86_64, number: X32_BIT + 84 })).toBe(EPERM);
    expect(ask(all, { architecture: AARCH64, number: 63 })).toBe(ALLOW);
    expect(ask(all, { architecture: AARCH64, number: 64 })).toBe(EPERM);
  });

  test('one that the profile does not list is killed even where the default is to allow', () => {
    const profile: Seccomp = { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_X32'] };
    expect(ask(profile, { architecture: X86_64, number: X32_BIT })).toBe(ALLOW);
    expect(ask(profile, { architecture: I386, number: 39 })).toBe(KILL_THREAD);
  });

  test('listing one twice changes nothing', () => {
    const twice: Seccomp = {
      ...native,
      architectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
    };
    const once: Seccomp = { ...native, architectures: ['SCMP_ARCH_X86'] };
    expect(compile(twice).filter).toEqual(compile(once).filter);
  });

  test('a call that only another one has is compiled for that one', () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [{ names: ['socketcall'], action: 'SCMP_ACT_ERRNO' }],
    };
    expect(ask(profile, { architecture: I386, number: 102 })).toBe(EPERM);
    expect(ask(profile, { architecture: X86_64, number: 102 })).toBe(ALLOW);
    expect(compile(profile).warnings).toEqual([]);
  });

  test('one without filters is refused by its place in the list', () => {
    expect(
      refusal({ ...native, architectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_M68K'] }),
    ).toMatchObject({
      pointer: '/linux/seccomp/architectures/1',
      detail: /no filters for this architecture/,
    });
    expect(refusal({ ...native, architectures: ['SCMP_ARCH_S390X'] })).toMatchObject({
      pointer: '/linux/seccomp/architectures/0',
      detail: 'the architecture has the other byte order than this machine',
    });
    expect(() => compileSeccomp(native, 'vax')).toThrow('there are no filters for vax machines');
  });
});

describe('a call that is newer than the profile', () => {
  test('gives ENOSYS where the default is to refuse, on every architecture', () => {
    for (const defaultAction of [
      'SCMP_ACT_ERRNO',
      'SCMP_ACT_KILL',
      'SCMP_ACT_KILL_PROCESS',
      'SCMP_ACT_KILL_THREAD',
    ] as const) {
      const profile: Seccomp = { ...all, defaultAction };
      expect(ask(profile, { architecture: X86_64, number: 9999 })).toBe(ENOSYS);
      expect(ask(profile, { architecture: X86_64, number: X32_BIT + 9999 })).toBe(ENOSYS);
      expect(ask(profile, { architecture: I386, number: 9999 })).toBe(ENOSYS);
      expect(ask(profile, { architecture: AARCH64, number: 9999 })).toBe(ENOSYS);
    }
  });

  test('begins behind the highest number that the profile names for the architecture', () => {
    const statx = { x86_64: 332, i386: 383, aarch64: 291 };
    for (const [architecture, number] of [
      [X86_64, statx.x86_64],
      [I386, statx.i386],
      [AARCH64, statx.aarch64],
    ] as const) {
      expect(ask(all, { architecture, number: number - 1 })).toBe(EPERM);
      expect(ask(all, { architecture, number })).toBe(ALLOW);
      expect(ask(all, { architecture, number: number + 1 })).toBe(ENOSYS);
    }
  });

  test('gives the default action where that lets it through or was chosen to be ENOSYS', () => {
    const number = 9999;
    const profile = (defaultAction: Seccomp['defaultAction']): Seccomp => ({
      ...native,
      defaultAction,
    });
    const ofDefault = (seccomp: Seccomp) => ask(seccomp, { architecture: X86_64, number });
    expect(ofDefault(profile('SCMP_ACT_LOG'))).toBe(0x7ffc_0000);
    expect(ofDefault(profile('SCMP_ACT_TRACE'))).toBe(0x7ff0_0001);
    expect(ofDefault(profile('SCMP_ACT_TRAP'))).toBe(0x0003_0000);
    expect(ofDefault({ ...native, defaultErrnoRet: 38 })).toBe(ENOSYS);
    expect(ask({ ...native, defaultErrnoRet: 38 }, { architecture: X86_64, number: 84 })).toBe(
      ENOSYS,
    );
  });

  test('gives the default action where the profile names no call at all', () => {
    expect(ask({ defaultAction: 'SCMP_ACT_ERRNO' }, { architecture: X86_64, number: 9999 })).toBe(
      EPERM,
    );
  });

  test('does not reach calls of architectures that the profile does not list', () => {
    expect(ask(native, { architecture: X86_64, number: X32_BIT + 9999 })).toBe(KILL_THREAD);
    expect(ask(native, { architecture: I386, number: 9999 })).toBe(KILL_THREAD);
  });
});
