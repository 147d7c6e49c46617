import { describeRule } from '../rule-cases.ts';
import type { Changes } from '../support.ts';

const seccomp = (profile: object): Changes => ({
  '/linux/seccomp': { defaultAction: 'SCMP_ACT_ALLOW', ...profile },
});
const call = (more: object): Changes =>
  seccomp({ syscalls: [{ names: ['getcwd'], action: 'SCMP_ACT_ERRNO', ...more }] });
const argument = (index: number) => ({ index, value: 1, op: 'SCMP_CMP_EQ' });
const NOTIFY = { syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }] };
const SOCKET = { listenerPath: '/run/agent.sock' };
const KILLABLE = { flags: ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'] };

describeRule('seccomp', {
  refused: [
    [
      'notification by default',
      seccomp({ defaultAction: 'SCMP_ACT_NOTIFY', ...SOCKET }),
      '/linux/seccomp/defaultAction: expected an action other than SCMP_ACT_NOTIFY, got "SCMP_ACT_NOTIFY"',
    ],
    [
      'an errno for an action that returns none',
      call({ action: 'SCMP_ACT_KILL', errnoRet: 1 }),
      '/linux/seccomp/syscalls/0/errnoRet: expected nothing: SCMP_ACT_KILL returns no errno, got 1',
    ],
    [
      'a default errno for an action that returns none',
      seccomp({ defaultErrnoRet: 38 }),
      '/linux/seccomp/defaultErrnoRet: expected nothing: SCMP_ACT_ALLOW returns no errno, got 38',
    ],
    [
      'an errno that the kernel has not',
      call({ errnoRet: 4096 }),
      '/linux/seccomp/syscalls/0/errnoRet: expected an integer from 0 to 4095, got 4096',
    ],
    [
      'a message to a tracer of more than 16 bits',
      call({ action: 'SCMP_ACT_TRACE', errnoRet: 65536 }),
      '/linux/seccomp/syscalls/0/errnoRet: expected an integer from 0 to 65535, got 65536',
    ],
    [
      'a seventh argument',
      call({ args: [argument(0), argument(6)] }),
      '/linux/seccomp/syscalls/0/args/1/index: expected an integer from 0 to 5, got 6',
    ],
    [
      'a system call without a name',
      call({ names: ['getcwd', ''] }),
      '/linux/seccomp/syscalls/0/names/1: expected the name of a system call, got ""',
    ],
    [
      'notification without a listener',
      seccomp(NOTIFY),
      '/linux/seccomp: expected a property "listenerPath" for SCMP_ACT_NOTIFY',
    ],
    [
      'a relative path of the listener',
      seccomp({ ...NOTIFY, listenerPath: 'agent.sock' }),
      '/linux/seccomp/listenerPath: expected an absolute path, got "agent.sock"',
    ],
    [
      'metadata for no listener',
      seccomp({ listenerMetadata: 'x' }),
      '/linux/seccomp/listenerMetadata: expected nothing without a listenerPath',
    ],
    [
      'the flag about notification without any',
      seccomp(KILLABLE),
      '/linux/seccomp/flags/1: expected this flag only with a system call whose action is SCMP_ACT_NOTIFY',
    ],
  ],
  accepted: [
    ['a default errno', seccomp({ defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 38 })],
    ['the last argument', call({ args: [argument(5)] })],
    ['a message to a tracer of 16 bits', call({ action: 'SCMP_ACT_TRACE', errnoRet: 65535 })],
    [
      'notification with a listener',
      seccomp({ ...NOTIFY, ...SOCKET, ...KILLABLE, listenerMetadata: 'x' }),
    ],
    ['a listener that nothing needs', seccomp(SOCKET)],
  ],
});
