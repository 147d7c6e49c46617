import { expect, test } from 'vitest';
import type { Section } from '../../lib/config.ts';
import { observe } from '../../lib/observe.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();
const SIGSYS = 31;

const onMkdir = (action: string, more: Section = {}): Section => ({
  seccomp: {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['mkdir', 'mkdirat'], action, ...more }],
  },
});

const mkdir = async (linux: Section) => {
  const { status, stderr } = await sandbox()
    .container({ args: ['mkdir', '/data/new'], linux })
    .run();
  return { status, stderr: stderr.trim().replace(/^.*: /, '') };
};

test('killing actions end the process with SIGSYS', async () => {
  for (const action of ['KILL', 'KILL_THREAD', 'KILL_PROCESS', 'TRAP']) {
    const { status } = await mkdir(onMkdir(`SCMP_ACT_${action}`));
    expect(status, action).toBe(128 + SIGSYS);
  }
});

test('actions that let the call through, and those that give an error', async () => {
  const through = { status: 0, stderr: '' };
  expect(await mkdir(onMkdir('SCMP_ACT_ALLOW'))).toEqual(through);
  expect(await mkdir(onMkdir('SCMP_ACT_LOG'))).toEqual(through);
  expect(await mkdir(onMkdir('SCMP_ACT_ERRNO'))).toMatchObject({
    status: 1,
    stderr: 'Operation not permitted',
  });
  expect(await mkdir(onMkdir('SCMP_ACT_ERRNO', { errnoRet: 28 }))).toMatchObject({
    stderr: 'No space left on device',
  });
  // Without a tracer the call gives ENOSYS.
  expect(await mkdir(onMkdir('SCMP_ACT_TRACE', { errnoRet: 1 }))).toMatchObject({
    stderr: 'Function not implemented',
  });
});

test('the filter of an ordinary user without capabilities is loaded, with and without no_new_privs', async () => {
  for (const noNewPrivileges of [true, false]) {
    const { mode, made } = await observe(
      sandbox(),
      { mode: 'grep Seccomp: /proc/self/status', made: 'mkdir /tmp/new' },
      {
        process: {
          noNewPrivileges,
          user: { uid: 1000, gid: 1000 },
          capabilities: { bounding: [], permitted: [], effective: [] },
        },
        linux: onMkdir('SCMP_ACT_ERRNO'),
      },
    );
    expect(mode).toBe('Seccomp:\t2');
    expect(made).toMatch(/Operation not permitted/);
  }
});

test('several architectures, unknown system calls, and the flags of the filter are accepted', async () => {
  const linux = {
    seccomp: {
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
      flags: ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'],
      syscalls: [{ names: ['mkdir', 'mkdirat', 'a_call_of_the_future'], action: 'SCMP_ACT_ERRNO' }],
    },
  };
  const { status, stderr } = await mkdir(linux);
  expect(status).toBe(1);
  expect(stderr).toMatch(/Operation not permitted$/);
});

test('with no_new_privs a profile that allows little is loaded last, when the runtime has done its part of the work', async () => {
  const needed = [
    'execve',
    'exit',
    'exit_group',
    'write',
    'writev',
    'read',
    'brk',
    'mmap',
    'munmap',
    'mprotect',
    'arch_prctl',
    'set_tid_address',
    'set_robust_list',
    'rseq',
    'prlimit64',
    'readlink',
    'getrandom',
    'uname',
    'fstat',
    'newfstatat',
    'ioctl',
    'getuid',
    'geteuid',
    'getgid',
    'getegid',
    'setuid',
    'setgid',
    'prctl',
    'futex',
    'rt_sigprocmask',
    'getpid',
  ];
  const container = sandbox().container({
    args: ['echo', 'enough'],
    process: { noNewPrivileges: true },
    linux: {
      seccomp: {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ names: needed, action: 'SCMP_ACT_ALLOW' }],
      },
    },
  });
  const { status, stdout, stderr } = await container.run();
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'enough\n', stderr: '' });
});

test('a valid but senseless profile ends with an error that names it, and leaves nothing', async () => {
  const container = sandbox().container({
    linux: { seccomp: { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_NONSENSE'] } },
  });
  const { status, stderr } = await container.tryCreate();
  expect(status).toBe(1);
  expect(stderr).toMatch(/SCMP_ARCH_NONSENSE|architectures/);
  expect(sandbox().leftovers()).toEqual([]);
});

test('a filter that denies everything, also the end of a process, is told, and nothing spins', async () => {
  const container = sandbox().container({
    process: { noNewPrivileges: true },
    linux: { seccomp: { defaultAction: 'SCMP_ACT_ERRNO' } },
  });
  const { status, stderr } = await container.run();
  expect(status).toBe(1);
  expect(stderr).toContain('does the seccomp profile allow execve?');
  expect(sandbox().leftovers()).toEqual([]);
});
