import { describe, expect, test } from 'vitest';
import { RuntimeError } from '../../../src/error.ts';
import type { Seccomp, SeccompAction } from '../../../src/spec/types.ts';
import { ALLOW, allowing, compile, EPERM, refusal, verdict } from './support.ts';

const MKDIR = 83;
const RMDIR = 84;

const RETURNED: readonly [SeccompAction, number | undefined, number][] = [
  ['SCMP_ACT_KILL', undefined, 0x0000_0000],
  ['SCMP_ACT_KILL_THREAD', undefined, 0x0000_0000],
  ['SCMP_ACT_KILL_PROCESS', undefined, 0x8000_0000],
  ['SCMP_ACT_TRAP', undefined, 0x0003_0000],
  ['SCMP_ACT_ERRNO', undefined, 0x0005_0001],
  ['SCMP_ACT_ERRNO', 0, 0x0005_0000],
  ['SCMP_ACT_ERRNO', 4094, 0x0005_0ffe],
  ['SCMP_ACT_TRACE', undefined, 0x7ff0_0001],
  ['SCMP_ACT_TRACE', 0xffff, 0x7ff0_ffff],
  ['SCMP_ACT_LOG', undefined, 0x7ffc_0000],
];

describe('an action of a rule', () => {
  for (const [action, errnoRet, value] of RETURNED) {
    test(`${action} with errnoRet ${errnoRet} returns 0x${value.toString(16)}, and other calls are allowed`, () => {
      const errno = errnoRet === undefined ? {} : { errnoRet };
      const profile = allowing({ names: ['mkdir'], action, ...errno });
      expect(verdict(profile, MKDIR)).toBe(value);
      expect(verdict(profile, RMDIR)).toBe(ALLOW);
    });
  }

  test('SCMP_ACT_NOTIFY returns SECCOMP_RET_USER_NOTIF and asks for a listener', () => {
    const profile: Seccomp = {
      ...allowing({ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }),
      listenerPath: '/run/agent.sock',
      listenerMetadata: 'for you',
    };
    expect(verdict(profile, MKDIR)).toBe(0x7fc0_0000);
    expect(compile(profile)).toMatchObject({
      notify: true,
      listenerPath: '/run/agent.sock',
      listenerMetadata: 'for you',
    });
  });
});

describe('the default action', () => {
  for (const [action, defaultErrnoRet, value] of RETURNED) {
    test(`${action} with defaultErrnoRet ${defaultErrnoRet} returns 0x${value.toString(16)} for what no rule names`, () => {
      const errno = defaultErrnoRet === undefined ? {} : { defaultErrnoRet };
      const profile: Seccomp = {
        defaultAction: action,
        ...errno,
        syscalls: [{ names: ['rmdir'], action: 'SCMP_ACT_ALLOW' }],
      };
      expect(verdict(profile, MKDIR)).toBe(value);
      expect(verdict(profile, RMDIR)).toBe(ALLOW);
    });
  }

  test('stands alone where there are no rules', () => {
    expect(verdict({ defaultAction: 'SCMP_ACT_ERRNO' }, MKDIR)).toBe(EPERM);
    expect(verdict({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] }, MKDIR)).toBe(ALLOW);
  });

  test('is also what a rule may say', () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [
        { names: ['mkdir'], action: 'SCMP_ACT_ERRNO' },
        { names: ['rmdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
      ],
    };
    expect(verdict(profile, MKDIR)).toBe(EPERM);
    expect(verdict(profile, RMDIR)).toBe(0x0005_000d);
  });
});

describe('refused, with the pointer', () => {
  const refused: readonly [string, Seccomp, string, RegExp][] = [
    [
      'errnoRet of an action without one',
      allowing({ names: ['mkdir'], action: 'SCMP_ACT_KILL', errnoRet: 1 }),
      '/linux/seccomp/syscalls/0/errnoRet',
      /SCMP_ACT_KILL takes no errno/,
    ],
    [
      'defaultErrnoRet of an action without one',
      { defaultAction: 'SCMP_ACT_ALLOW', defaultErrnoRet: 38 },
      '/linux/seccomp/defaultErrnoRet',
      /SCMP_ACT_ALLOW takes no errno/,
    ],
    [
      'an errno above the last of libseccomp',
      allowing({ names: ['mkdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 4095 }),
      '/linux/seccomp/syscalls/0/errnoRet',
      /4095 is too large/,
    ],
    [
      'SCMP_ACT_NOTIFY by default',
      { defaultAction: 'SCMP_ACT_NOTIFY', listenerPath: '/run/agent.sock' },
      '/linux/seccomp/defaultAction',
      /cannot be the default action/,
    ],
    [
      'SCMP_ACT_NOTIFY without a listener',
      allowing({ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }),
      '/linux/seccomp/syscalls/0/action',
      /needs a listenerPath/,
    ],
    [
      'SCMP_ACT_NOTIFY for the call that hands the listener over',
      {
        ...allowing({ names: ['mkdir', 'sendmsg'], action: 'SCMP_ACT_NOTIFY' }),
        listenerPath: '/run/agent.sock',
      },
      '/linux/seccomp/syscalls/0/names/1',
      /cannot be used for sendmsg/,
    ],
    [
      'listenerMetadata for nobody',
      { defaultAction: 'SCMP_ACT_ALLOW', listenerMetadata: 'x' },
      '/linux/seccomp/listenerMetadata',
      /no listenerPath/,
    ],
  ];
  for (const [what, profile, pointer, detail] of refused) {
    test(what, () => {
      const error = refusal(profile);
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error).toMatchObject({ pointer, detail: expect.stringMatching(detail) });
    });
  }
});
