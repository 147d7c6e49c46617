import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Seccomp } from '../../../src/spec/types.ts';
import type { Container } from '../../lib/container.ts';
import { startPiped } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

/* What the kernel does with the filters, seen from inside: call.c makes system calls by number, those of x86_64. */

const sandbox = useSandbox();

const here = (name: string): string => new URL(name, import.meta.url).pathname;

/** A container whose program makes these calls. */
function calling(seccomp: Seccomp, calls: readonly string[], changes = {}): Container {
  const container = sandbox().container({
    args: ['call', ...calls],
    linux: { seccomp },
    ...changes,
  });
  const target = join(container.rootfs, 'bin/call');
  execFileSync('cc', ['-static', '-O1', '-Wall', '-Wextra', '-o', target, here('call.c')]);
  return container;
}

async function results(seccomp: Seccomp, ...calls: string[]): Promise<string[]> {
  return (await calling(seccomp, calls).output()).trim().split('\n');
}

const MKDIR = '83:0:0';
const PERSONALITY = 135;

const denying: Seccomp = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    { names: ['mkdir'], action: 'SCMP_ACT_ERRNO' },
    { names: ['rmdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 61 },
    {
      names: ['personality'],
      action: 'SCMP_ACT_ERRNO',
      args: [{ index: 0, value: 0x20000, valueTwo: 0x20000, op: 'SCMP_CMP_MASKED_EQ' }],
    },
  ],
};

describe('in a container', () => {
  test('a refused call gives its errno, another is made', async () => {
    expect(await results(denying, MKDIR, '84:0', '9999', '39')).toEqual([
      'EPERM',
      'ENODATA',
      'ENOSYS',
      '1',
    ]);
  });

  test('arguments decide', async () => {
    const calls = [`${PERSONALITY}:0x20008`, `${PERSONALITY}:0x00008`];
    expect(await results(denying, ...calls)).toEqual(['EPERM', '0']);
  });

  test('the filter is there, and was loaded with no_new_privs or without', async () => {
    for (const noNewPrivileges of [true, false]) {
      const container = sandbox().container({
        args: ['grep', '-E', '^(Seccomp|NoNewPrivs):', '/proc/self/status'],
        linux: { seccomp: denying },
        process: { noNewPrivileges },
      });
      expect(await container.output()).toBe(
        `NoNewPrivs:\t${noNewPrivileges ? 1 : 0}\nSeccomp:\t2\n`,
      );
    }
  });

  test('32-bit calls have their own numbers where the profile lists them', async () => {
    const profile: Seccomp = { ...denying, architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'] };
    expect(await results(profile, '32/39:0', '32/20', MKDIR)).toEqual(['EPERM', '1', 'EPERM']);
  });

  test('32-bit calls kill where it does not', async () => {
    const container = calling(denying, ['39', '32/20', '39']);
    const { status, stdout } = await container.run();
    expect({ status, stdout }).toEqual({ status: 128 + 31, stdout: '1\n' });
  });

  test('a killing action kills', async () => {
    for (const action of ['SCMP_ACT_KILL_PROCESS', 'SCMP_ACT_KILL', 'SCMP_ACT_TRAP'] as const) {
      const profile: Seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['mkdir'], action }],
      };
      const { status, stdout } = await calling(profile, ['39', MKDIR, '39']).run();
      expect({ status, stdout }, action).toEqual({ status: 128 + 31, stdout: '1\n' });
    }
  });

  test('SCMP_ACT_LOG and SCMP_ACT_TRACE without a tracer: made, and ENOSYS', async () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      flags: ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_TSYNC'],
      syscalls: [
        { names: ['getppid'], action: 'SCMP_ACT_LOG' },
        { names: ['mkdir'], action: 'SCMP_ACT_TRACE' },
      ],
    };
    expect(await results(profile, '110', MKDIR)).toEqual(['0', 'ENOSYS']);
  });
});

describe('SCMP_ACT_NOTIFY', () => {
  const notifying = (listenerPath: string): Seccomp => ({
    defaultAction: 'SCMP_ACT_ALLOW',
    listenerPath,
    listenerMetadata: 'for you',
    syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }],
  });

  test('asks the agent, which has the state of the container and one descriptor', async () => {
    const path = join(sandbox().folder, 'agent.sock');
    const agent = startPiped([here('agent.py'), path], {}, '/usr/bin/python3');
    try {
      await agent.stdout.until(/listening\n/);
      const container = calling(notifying(path), [MKDIR, '39']);
      expect(await container.output()).toBe('1083\n1\n');
      expect(await agent.status).toBe(0);
      const told = JSON.parse((await agent.stdout.end).split('\n')[1] ?? '');
      expect(told).toMatchObject({
        descriptors: 1,
        state: {
          fds: ['seccompFd'],
          metadata: 'for you',
          pid: expect.any(Number),
          state: { id: container.id, bundle: container.bundle },
        },
      });
    } finally {
      agent.signal('SIGKILL');
    }
  });

  test('fails with its pointer where no agent listens', async () => {
    const container = calling(notifying('/nonexistent/agent.sock'), [MKDIR]);
    const { status, stderr } = await container.run();
    expect(status).toBe(1);
    expect(stderr).toContain('/linux/seccomp/listenerPath');
    expect(sandbox().leftovers()).toEqual([]);
  });
});

test('a profile that cannot be compiled fails create with its pointer and leaves nothing', async () => {
  const container = sandbox().container({
    linux: { seccomp: { defaultAction: 'SCMP_ACT_ALLOW', defaultErrnoRet: 1 } },
  });
  const { status, stderr } = await container.tryCreate();
  expect(status).toBe(1);
  expect(stderr).toContain('/linux/seccomp/defaultErrnoRet');
  expect(sandbox().leftovers()).toEqual([]);
});
