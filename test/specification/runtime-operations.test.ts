import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { cgroupsBelow } from '../lib/cgroups.ts';
import { isAlive } from '../lib/processes.ts';
import { useSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const sandbox = useSandbox();

must(['scope.same-container', 'operations.all', 'create.creates', 'start.runs'], async () => {
  const container = sandbox().container({
    args: ['sh', '-c', 'echo ran > /data/output; exec sleep 1000'],
  });
  await container.create();
  const { pid } = await container.state();
  expect(isAlive(pid)).toBe(true);
  await container.start();
  await container.kill('KILL');
  await container.ended();
  await container.delete();
  expect(sandbox().leftovers()).toEqual([]);
});

must(['lifecycle.run-program', 'lifecycle.not-run-at-create', 'create.not-args'], async () => {
  const container = sandbox().container({ args: ['sh', '-c', 'echo ran > /data/output'] });
  await container.create();
  expect(existsSync(`${container.rootfs}/data/output`)).toBe(false);
  await container.start();
  await container.ended();
  expect(container.read('data/output')).toBe('ran\n');
});

must('lifecycle.later-changes', async () => {
  const container = sandbox().container({ args: ['sh', '-c', 'hostname > /data/output'] });
  await container.create();
  container.writeConfig('{"ociVersion": "1.0.0"}');
  await container.start();
  await container.ended();
  expect(container.read('data/output')).toBe('contained\n');
  await container.delete();
});

must(['state.no-id', 'create.no-id', 'start.no-id', 'kill.no-id', 'delete.no-id'], async () => {
  const container = sandbox().container();
  for (const args of [['state'], ['create'], ['start'], ['kill'], ['delete']]) {
    expect((await sandbox().run(args, { cwd: container.bundle })).status, args[0]).not.toBe(0);
  }
  const { bundle, id } = sandbox().emptyBundle();
  expect((await sandbox().run(['create', id], { cwd: bundle })).status).not.toBe(0);
  expect(sandbox().leftovers()).toEqual([]);
});

must('state.unknown', async () => {
  expect((await sandbox().run(['state', 'unknown'])).status).not.toBe(0);
});

must(['create.taken-id'], async () => {
  const first = sandbox().container({ args: ['sleep', '1000'] });
  await first.create();
  const before = await first.state();
  const second = sandbox().container({ args: ['sh', '-c', 'echo > /data/output'] });
  const args = ['create', '--bundle', second.bundle, first.id];
  expect((await sandbox().run(args)).status).not.toBe(0);
  expect(await first.state()).toEqual(before);
});

must('create.bad-id', async () => {
  const { bundle } = sandbox().container();
  for (const id of ['a/b', '..', 'a b', '']) {
    const { status } = await sandbox().run(['create', '--bundle', bundle, id]);
    expect(status, JSON.stringify(id)).not.toBe(0);
  }
  expect(sandbox().leftovers()).toEqual([]);
});

must(['create.can-not-apply', 'lifecycle.environment-error', 'errors.no-trace'], async () => {
  const impossible = [
    { mounts: [{ destination: '/data', source: '/no-such/source', options: ['bind'] }] },
    { linux: { resources: { cpu: { cpus: '4000' } } } },
    { linux: { sysctl: { 'net.nonexistent': '1' } } },
  ];
  for (const changes of impossible) {
    const container = sandbox().container(changes);
    expect((await container.tryCreate()).status).not.toBe(0);
    expect((await container.tryState()).status).not.toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  }
});

must('start.not-created', async () => {
  expect((await sandbox().run(['start', 'unknown'])).status).not.toBe(0);

  const running = sandbox().container({ args: ['sleep', '1000'] });
  await running.create();
  await running.start();
  const before = await running.state();
  expect((await running.tryStart()).status).not.toBe(0);
  expect(await running.state()).toEqual(before);

  const stopped = sandbox().container({ args: ['sh', '-c', 'echo ran >> /data/output'] });
  await stopped.create();
  await stopped.start();
  await stopped.ended();
  expect((await stopped.tryStart()).status).not.toBe(0);
  expect(stopped.read('data/output')).toBe('ran\n');
  expect((await stopped.state()).status).toBe('stopped');
});

must(['start.no-process', 'process.required'], async () => {
  const container = sandbox().container({ top: { process: undefined } });
  await container.create();
  expect((await container.state()).status).toBe('created');
  expect((await container.tryStart()).status).not.toBe(0);
});

must('kill.sends', async () => {
  const container = sandbox().container({
    args: [
      'sh',
      '-c',
      'trap "echo USR1 >> /data/output; exit 0" USR1; echo ready; sleep 1000 & wait',
    ],
  });
  const create = sandbox().start(['create', '--bundle', container.bundle, container.id]);
  expect(await create.status).toBe(0);
  await container.start();
  await create.stdout.until(/ready/);
  await container.kill('USR1');
  await create.stdout.end;
  expect(container.read('data/output')).toBe('USR1\n');

  const created = sandbox().container({ args: ['true'] });
  await created.create();
  await created.kill('KILL');
  await created.ended();
  expect((await created.state()).status).toBe('stopped');
});

must('kill.stopped', async () => {
  expect((await sandbox().run(['kill', 'unknown', 'TERM'])).status).not.toBe(0);
  const container = sandbox().container({ args: ['true'] });
  await container.create();
  await container.start();
  await container.ended();
  const before = await container.state();
  expect((await container.tryKill('TERM')).status).not.toBe(0);
  expect(await container.state()).toEqual(before);
});

must('delete.not-stopped', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'] });
  await container.create();
  const created = await container.state();
  expect((await container.tryDelete()).status).not.toBe(0);
  expect(await container.state()).toEqual(created);
  await container.start();
  expect((await container.tryDelete()).status).not.toBe(0);
  expect(await container.state()).toEqual({ ...created, status: 'running' });
});

must(['delete.resources', 'lifecycle.destroy'], async () => {
  const container = sandbox().container({ args: ['sleep', '1000'] });
  await container.create();
  expect(cgroupsBelow(sandbox().cgroup)).not.toEqual([]);
  await container.kill('KILL');
  await container.ended();
  await container.delete();
  expect(sandbox().leftovers()).toEqual([]);

  // The id is free again.
  await container.create();
  expect((await container.state()).status).toBe('created');
});

must('delete.foreign', async () => {
  const keeper = sandbox().container({ args: ['sleep', '1000'] });
  await keeper.create();
  await keeper.start();
  const { pid } = await keeper.state();
  const joined = sandbox().container({
    args: ['sleep', '1000'],
    namespaces: ['network', 'ipc'].map((type) => ({
      type,
      path: `/proc/${pid}/ns/${type === 'network' ? 'net' : type}`,
    })),
    mounts: [{ destination: '/data', source: keeper.bundle, options: ['bind'] }],
  });
  await joined.create();
  await joined.delete('--force');
  expect(existsSync(keeper.bundle)).toBe(true);
  expect(existsSync(joined.rootfs)).toBe(true);
  expect((await keeper.state()).status).toBe('running');
  expect(cgroupsBelow(sandbox().cgroup).some((path) => path.endsWith(keeper.id))).toBe(true);
});
