import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCgroup } from '../../lib/cgroups.ts';
import { type Container, succeed } from '../../lib/container.ts';
import { fileAppears } from '../../lib/files.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { cgroupDirectory, runShell, runToStop } from './support.ts';

const sandbox = useSandbox();

const call = (verb: 'pause' | 'resume', { id }: Pick<Container, 'id'>) => sandbox().run([verb, id]);

const frozen = (container: Container): string =>
  readCgroup('freezer', container.cgroup, 'freezer.state');

test('pause stops every process, and resume lets them go on', async () => {
  const container = await runShell(sandbox(), "trap 'echo x > /data/signalled' USR1");
  const signalled = join(container.rootfs, 'data/signalled');

  expect(await call('pause', container)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(frozen(container)).toBe('FROZEN');
  expect((await container.state()).status).toBe('paused');
  await container.kill('USR1');
  expect(existsSync(signalled)).toBe(false);

  expect(await call('resume', container)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(frozen(container)).toBe('THAWED');
  expect((await container.state()).status).toBe('running');
  await fileAppears(signalled);
});

test('a created container can be paused, is not started then, and is created again when resumed', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  succeed('pause', await call('pause', container));
  expect((await container.state()).status).toBe('paused');
  expect((await container.tryStart()).stderr).toBe(
    'runts: cannot start an already running container: it is paused\n',
  );
  succeed('resume', await call('resume', container));
  expect((await container.state()).status).toBe('created');
  await container.start();
  expect((await container.state()).status).toBe('running');
});

test('pause and resume are refused where there is nothing to do, in the words of runc', async () => {
  const running = sandbox().staticContainer('pause');
  await running.create();
  await running.start();
  const stopped = await runToStop(sandbox());
  const cases: ['pause' | 'resume', Pick<Container, 'id'>, string][] = [
    ['resume', running, 'container not paused: it is running'],
    ['pause', stopped, 'container not running: no such process'],
    ['resume', stopped, 'container not paused: it is stopped'],
    ['pause', { id: 'nobody' }, 'container does not exist'],
    ['resume', { id: 'nobody' }, 'container does not exist'],
  ];
  for (const [verb, container, message] of cases) {
    expect(await call(verb, container)).toEqual({
      status: 1,
      stdout: '',
      stderr: `runts: ${message}\n`,
    });
  }
  succeed('pause', await call('pause', running));
  expect((await call('pause', running)).stderr).toBe(
    'runts: container not running: it is paused already\n',
  );
  expect(frozen(running)).toBe('FROZEN');
});

test('resume says so where a cgroup above keeps the container frozen', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  await container.start();
  const above = `${cgroupDirectory('freezer', sandbox().cgroup)}/freezer.state`;
  writeFileSync(above, 'FROZEN');
  try {
    // It is FREEZING until its process has come to a stop, and the kernel tells nobody of that moment.
    while (frozen(container) !== 'FROZEN') await new Promise(setImmediate);
    const { status, stderr } = await call('resume', container);
    expect([status, stderr]).toEqual([
      1,
      `runts: resume container ${container.id}: a cgroup above its own is frozen: whoever has frozen that has to thaw it\n`,
    ]);
  } finally {
    writeFileSync(above, 'THAWED');
  }
  expect((await container.state()).status).toBe('running');
});

test('a paused container ends by SIGKILL, and is deleted by force', async () => {
  const [killed, deleted] = [
    sandbox().staticContainer('pause'),
    sandbox().staticContainer('pause'),
  ];
  for (const container of [killed, deleted]) {
    await container.create();
    await container.start();
    succeed('pause', await call('pause', container));
  }
  await killed.kill('KILL');
  await killed.ended();
  await killed.delete();
  await deleted.delete('--force');
});
