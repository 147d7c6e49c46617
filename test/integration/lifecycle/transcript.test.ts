import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../lib/processes.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

test('create, start, state, kill, state, delete: each status in its turn, and nothing is left', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'], annotations: { 'org.a': 'b' } });
  await container.create();
  const created = await container.state();
  expect(created).toMatchObject({
    id: container.id,
    status: 'created',
    bundle: container.bundle,
    annotations: { 'org.a': 'b' },
  });
  expect(isAlive(created.pid)).toBe(true);

  await container.start();
  expect(await container.state()).toEqual({ ...created, status: 'running' });

  await container.kill('KILL');
  await container.ended();
  expect(await container.state()).toMatchObject({ id: container.id, status: 'stopped' });

  await container.delete();
  expect((await container.tryState()).status).toBe(1);
  expect(sandbox().leftovers()).toEqual([]);
});

test('the pid file holds the digits of the pid and no newline, and the pid is that of state', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'] });
  const file = join(sandbox().folder, 'pid');
  await container.create(['--pid-file', file]);
  expect(readFileSync(file, 'utf8')).toBe(String((await container.state()).pid));
});

test('run in the foreground ends with the exit code of the program', async () => {
  for (const code of [0, 3, 255]) {
    const container = sandbox().container({ args: ['sh', '-c', `exit ${code}`] });
    const { status, stderr } = await container.run();
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
  }
  expect(sandbox().leftovers()).toEqual([]);
});

test('run in the foreground ends with 128 + n when signal n ends the program', async () => {
  // The first process of a pid namespace is only killed from outside: so the container shares the host's.
  for (const [signal, status] of [
    ['TERM', 143],
    ['KILL', 137],
  ] as const) {
    const container = sandbox().container({
      args: ['sh', '-c', `kill -${signal} $$`],
      without: ['pid'],
    });
    expect((await container.run()).status).toBe(status);
  }
});

test('stdin, stdout and stderr of run are those of the program', async () => {
  const container = sandbox().container({ args: ['sh', '-c', 'tr a-z A-Z; echo problem >&2'] });
  const ended = await container.run([], { input: 'some text\n' });
  expect(ended).toEqual({ status: 0, stdout: 'SOME TEXT\n', stderr: 'problem\n' });
});

test('stdin, stdout and stderr of create are those of the program, after start', async () => {
  const container = sandbox().container({ args: ['sh', '-c', 'cat; echo problem >&2'] });
  const create = sandbox().start(['create', '--bundle', container.bundle, container.id], {
    input: 'passed on',
  });
  expect(await create.status).toBe(0);
  expect(create.stdout.text).toBe('');
  await container.start();
  expect([await create.stdout.end, await create.stderr.end]).toEqual(['passed on', 'problem\n']);
});

test('run --detach returns while the program runs', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'] });
  expect((await container.run(['--detach'])).status).toBe(0);
  expect(await container.state()).toMatchObject({ status: 'running' });
});

test('a program that ends at once leaves a stopped container, which delete removes', async () => {
  const container = sandbox().container({ args: ['true'] });
  await container.create();
  const { pid } = await container.state();
  await container.start();
  await container.ended();
  expect(isAlive(pid)).toBe(false);
  expect((await container.state()).status).toBe('stopped');
  await container.delete();
  expect(sandbox().leftovers()).toEqual([]);
});

test('run in the foreground passes signals on to the program', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', 'trap "echo got it; exit 7" USR1; echo ready; sleep 1000 & wait'],
  });
  const run = container.startRun();
  await run.stdout.until(/ready/);
  run.signal('SIGUSR1');
  expect(await run.status).toBe(7);
  expect(await run.stdout.end).toBe('ready\ngot it\n');
});

test('a container in a root file system of one static file runs', async () => {
  const container = sandbox().staticContainer('hello');
  expect(await container.output()).toBe('pid 1 uid 0 on contained\n');
});

test('a bundle is found in the working directory when none is named', async () => {
  const container = sandbox().container({ args: ['echo', 'here'] });
  const ended = await sandbox().run(['run', container.id], { cwd: container.bundle });
  expect(ended).toMatchObject({ status: 0, stdout: 'here\n' });
});

test('list shows the containers, and -q only their ids', async () => {
  const first = sandbox().container({ args: ['sleep', '1000'] });
  const second = sandbox().container({ args: ['sleep', '1000'] });
  await first.create();
  await second.create();
  await second.start();
  const listed = JSON.parse((await sandbox().run(['list', '--format', 'json'])).stdout) as {
    id: string;
    status: string;
  }[];
  const statuses = Object.fromEntries(listed.map(({ id, status }) => [id, status]));
  expect(statuses).toEqual({ [first.id]: 'created', [second.id]: 'running' });
  const { stdout } = await sandbox().run(['list', '--quiet']);
  expect(stdout.trim().split('\n').sort()).toEqual([first.id, second.id].sort());
});
