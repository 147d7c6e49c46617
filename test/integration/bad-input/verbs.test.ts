import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, RUNTIME, runToEnd } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

/** One line that has the text engines look for, and a status other than 0. */
function expectRefusal({ status, stdout, stderr }: Ended, wrong: RegExp): void {
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(wrong);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
}

const VERBS = ['start', 'state', 'kill', 'delete'];

test('every verb says of an unknown id that the container does not exist', async () => {
  for (const verb of VERBS) {
    expectRefusal(
      await sandbox().run([verb, 'unknown']),
      /container does not exist|does not exist/,
    );
  }
});

test('delete --force of an unknown id succeeds', async () => {
  const ended = await sandbox().run(['delete', '--force', 'unknown']);
  expect(ended.status).toBe(0);
});

test('every verb wants an id', async () => {
  const container = sandbox().container();
  for (const args of [...VERBS.map((verb) => [verb]), ['create', '--bundle', container.bundle]]) {
    expect((await sandbox().run(args)).status, args.join(' ')).not.toBe(0);
  }
  expect(sandbox().leftovers()).toEqual([]);
});

test('an id that could leave the state directory, or is empty, is refused by every verb', async () => {
  const container = sandbox().container();
  for (const id of ['../escape', 'a/b', '..', '.', '', 'with space', 'new\nline']) {
    const ended = await sandbox().run(['create', '--bundle', container.bundle, id]);
    expectRefusal(ended, /container|invalid/);
    for (const verb of VERBS) {
      expect((await sandbox().run([verb, id])).status, `${verb} ${JSON.stringify(id)}`).not.toBe(0);
    }
  }
  expect(sandbox().leftovers()).toEqual([]);
});

test('create with a taken id is refused and does no harm to the first', async () => {
  const first = sandbox().container({ args: ['sleep', '1000'] });
  await first.create();
  const before = await first.state();
  const second = sandbox().container();
  const ended = await sandbox().run(['create', '--bundle', second.bundle, first.id]);
  expectRefusal(ended, /container with given ID already exists/);
  expect(await first.state()).toEqual(before);
  await first.start();
  await first.kill('KILL');
});

test('an unknown signal is refused, and the container lives on', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'] });
  await container.create();
  for (const signal of ['NOSUCH', '0x9', '4711', '-9']) {
    expect((await container.tryKill(signal)).status, signal).not.toBe(0);
  }
  expectRefusal(await container.tryKill('NOSUCH'), /NOSUCH/);
  expect((await container.state()).status).toBe('created');
});

test('signals go by name with and without SIG, and by number', async () => {
  for (const signal of ['KILL', 'SIGKILL', '9']) {
    const container = sandbox().container({ args: ['sleep', '1000'] });
    await container.create();
    await container.start();
    await container.kill(signal);
    await container.ended();
    expect((await container.state()).status).toBe('stopped');
  }
});

test('kill of a stopped container is refused with the text for it, and has no effect', async () => {
  const container = sandbox().container({ args: ['true'] });
  await container.create();
  await container.start();
  await container.ended();
  const before = await container.state();
  expectRefusal(await container.tryKill('KILL'), /container not running/);
  expect(await container.state()).toEqual(before);
});

test('delete of a running container is refused and has no effect', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'] });
  await container.create();
  await container.start();
  const ended = await container.tryDelete();
  expectRefusal(ended, /cannot delete container .* that is not stopped: running/);
  expect((await container.state()).status).toBe('running');
});

test('start of a running container is refused and has no effect', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'] });
  await container.create();
  await container.start();
  const before = await container.state();
  expectRefusal(await container.tryStart(), /cannot start an already running container/);
  expect(await container.state()).toEqual(before);
});

test('start of a stopped container is refused and has no effect', async () => {
  const container = sandbox().container({ args: ['sh', '-c', 'echo once >> /data/output'] });
  await container.create();
  await container.start();
  await container.ended();
  expectRefusal(await container.tryStart(), /cannot start a container that has stopped/);
  expect(container.read('data/output')).toBe('once\n');
  expect((await container.state()).status).toBe('stopped');
});

test('a second delete says that the container does not exist', async () => {
  const container = sandbox().container();
  await container.create();
  await container.delete('--force');
  expectRefusal(await container.tryDelete(), /does not exist/);
});

test('an unknown command and an unknown flag are refused', async () => {
  for (const args of [['frobnicate'], ['state', '--frobnicate', 'x'], ['--frobnicate', 'list']]) {
    const ended = await sandbox().run(args);
    expect(ended.status, args.join(' ')).not.toBe(0);
  }
});

test('a folder in the state directory that is no container is not taken for one', async () => {
  mkdirSync(join(sandbox().root, 'stray'), { recursive: true });
  expect((await sandbox().run(['state', 'stray'])).status).not.toBe(0);
  expect((await sandbox().run(['delete', '--force', 'stray'])).status).toBe(0);
});

test('a relative path from a directory that has been removed is told as such, and an absolute one works', async () => {
  const { folder, root } = sandbox();
  const gone = join(folder, 'gone');
  const script = 'mkdir "$1" && cd "$1" && rmdir "$1" && shift && exec "$@"';
  const call = (...args: string[]) =>
    runToEnd(['-c', script, 'sh', gone, RUNTIME, '--root', root, ...args], folder, {}, 'sh');
  expect(await call('run', 'web')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(
      'find .: the working directory has been removed: change to another one, or name the path from /',
    ),
  });
  expect(await call('run', '--bundle', join(folder, 'none'), 'web')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('no such file or directory'),
  });
});
