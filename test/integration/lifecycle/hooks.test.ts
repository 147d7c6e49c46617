import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Section } from '../../lib/config.ts';
import { succeed } from '../../lib/container.ts';
import { isAlive, namespaceOf } from '../../lib/processes.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

const shell = (script: string, more: Section = {}): Section => ({
  path: '/bin/sh',
  args: ['sh', '-c', script],
  ...more,
});

const read = (file: string): string => readFileSync(join(sandbox().folder, file), 'utf8');
const inFolder = (file: string): string => join(sandbox().folder, file);

test('a hook that takes longer than its timeout is ended with what it has started, and create fails', async () => {
  const container = sandbox().container({
    hooks: {
      createRuntime: [
        shell(`echo $$ > ${inFolder('pid')}; echo started >> ${inFolder('log')}; exec sleep 1000`, {
          timeout: 1,
        }),
        shell(`echo never >> ${inFolder('log')}`),
      ],
    },
  });
  const started = performance.now();
  const { status, stderr } = await container.tryCreate();
  expect(status).toBe(1);
  expect(stderr).toMatch(/hook/);
  expect(stderr).toMatch(/time|1 s/i);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(read('log')).toBe('started\n');
  expect(isAlive(Number(read('pid')))).toBe(false);
  expect(sandbox().leftovers()).toEqual([]);
});

test('a hook that ends in time is not disturbed by its timeout', async () => {
  const container = sandbox().container({
    args: ['echo', 'ran'],
    hooks: { createRuntime: [shell('exit 0', { timeout: 60 })] },
  });
  expect(await container.output()).toBe('ran\n');
});

test('the failure of a hook is told with its exit status or signal, and with what it said', async () => {
  for (const [script, wrong] of [
    ['echo the reason >&2; exit 42', /42.*the reason|the reason.*42/],
    ['kill -TERM $$', /SIGTERM|terminated|signal/i],
  ] as const) {
    const container = sandbox().container({ hooks: { createRuntime: [shell(script)] } });
    const { status, stderr } = await container.tryCreate();
    expect(status).toBe(1);
    expect(stderr).toMatch(wrong);
  }
  expect(sandbox().leftovers()).toEqual([]);
});

test('a hook has the environment of its entry and nothing else', async () => {
  const container = sandbox().container({
    hooks: {
      createRuntime: [
        { path: '/usr/bin/env', args: ['env'], env: ['ONLY=this'] },
        { path: '/bin/sh', args: ['sh', '-c', `/usr/bin/env > ${inFolder('with')}`], env: ['A=b'] },
        { path: '/bin/sh', args: ['sh', '-c', `/usr/bin/env > ${inFolder('without')}`] },
      ],
    },
  });
  await container.create([], { env: { INHERITED: 'no' } });
  expect(read('with')).toContain('A=b');
  for (const file of ['with', 'without']) expect(read(file)).not.toContain('INHERITED');
});

test('a hook without args has its path as the only one', async () => {
  const container = sandbox().container({
    hooks: { createRuntime: [{ path: '/bin/true' }] },
    args: ['echo', 'ran'],
  });
  expect(await container.output()).toBe('ran\n');
});

test('a createRuntime hook finds the new namespaces by the pid that it is given', async () => {
  const link = inFolder('link');
  const container = sandbox().container({
    args: ['sleep', '1000'],
    hooks: {
      createRuntime: [
        shell(
          `pid=$(sed 's/.*"pid": *\\([0-9]*\\).*/\\1/' | head -1); readlink /proc/$pid/ns/net > ${link}`,
          { env: ['PATH=/usr/bin:/bin'] },
        ),
      ],
    },
  });
  await container.create();
  const { pid } = await container.state();
  expect(read('link').trim()).toBe(namespaceOf(pid, 'net'));
  expect(namespaceOf(pid, 'net')).not.toBe(namespaceOf('self', 'net'));
});

test('hooks before pivot_root already see the mounts in the root file system', async () => {
  const container = sandbox().container({
    args: ['cat', '/mnt/from-hook'],
    mounts: [{ destination: '/mnt', type: 'tmpfs', source: 'tmpfs' }],
  });
  const config = {
    ...container.config,
    hooks: { createContainer: [shell(`echo from the hook > ${container.rootfs}/mnt/from-hook`)] },
  };
  container.writeConfig(JSON.stringify(config));
  expect(await container.output()).toBe('from the hook\n');
  expect(existsSync(join(container.rootfs, 'mnt/from-hook'))).toBe(false);
});

test('poststop hooks run once: after run, after delete, after delete --force, after a failed create', async () => {
  const log = inFolder('log');
  const hooks = { poststop: [shell(`echo gone >> ${log}`)] };
  const count = (): number => (existsSync(log) ? read('log').trim().split('\n').length : 0);

  await sandbox().container({ hooks }).run();
  expect(count()).toBe(1);

  const forced = sandbox().container({ hooks, args: ['sleep', '1000'] });
  await forced.create();
  await forced.delete('--force');
  expect(count()).toBe(2);

  const failed = sandbox().container({
    hooks: { ...hooks, createRuntime: [shell('exit 1')] },
  });
  expect((await failed.tryCreate()).status).toBe(1);
  expect(count()).toBe(3);
});

test('a failing startContainer hook ends the container: start fails, and delete removes it', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', 'echo > /data/ran'],
    hooks: { startContainer: [shell('exit 9')] },
  });
  await container.create();
  const { pid } = await container.state();
  const { status, stderr } = await container.tryStart();
  expect(status).toBe(1);
  expect(stderr).toMatch(/startContainer|hook/);
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(join(container.rootfs, 'data/ran'))).toBe(false);
  await container.tryDelete();
  expect(sandbox().leftovers()).toEqual([]);
});

test('a failing poststart hook makes run fail, and nothing is left', async () => {
  const container = sandbox().container({
    args: ['sleep', '1000'],
    hooks: { poststart: [shell('exit 9')] },
  });
  expect((await container.run()).status).toBe(1);
  expect(sandbox().leftovers()).toEqual([]);
});

test('a startContainer hook, whose program comes from the image, is bound by no_new_privs and the filter', async () => {
  const container = sandbox().container({
    process: { noNewPrivileges: true },
    linux: {
      seccomp: {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 95 }],
      },
    },
    hooks: {
      startContainer: [
        {
          path: '/bin/sh',
          args: [
            'sh',
            '-c',
            'grep -E "^(Seccomp|NoNewPrivs):" /proc/self/status > /data/status; mkdir /data/made || :',
          ],
          env: ['PATH=/bin'],
        },
      ],
    },
  });
  succeed('run', await container.run());
  expect(container.read('data/status')).toBe('NoNewPrivs:\t1\nSeccomp:\t2\n');
  expect(existsSync(join(container.rootfs, 'data/made'))).toBe(false);
});

test('a hook of the runtime can open its standard streams again, and may print as much as it likes', async () => {
  const container = sandbox().container({
    hooks: {
      createRuntime: [
        {
          path: '/bin/sh',
          args: [
            'sh',
            '-c',
            'cat /dev/stdin >/dev/null && echo first >/dev/stderr && echo second >/dev/stderr && head -c 3000000 /dev/zero; exit 3',
          ],
          env: ['PATH=/usr/bin:/bin'],
        },
      ],
    },
  });
  const { status, stderr } = await container.tryCreate();
  expect(status).toBe(1);
  expect(stderr).toContain('/hooks/createRuntime/0');
  expect(stderr).toContain('exit status 3: first second');
});
