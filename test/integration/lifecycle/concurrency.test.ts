import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileAppears } from '../../lib/files.ts';
import { waitForEnd } from '../../lib/processes.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

test('of several creates of one id exactly one wins, and the others say that the id is taken', async () => {
  for (let round = 0; round < 4; round++) {
    const bundles = Array.from({ length: 4 }, () =>
      sandbox().container({ args: ['sleep', '1000'] }),
    );
    const id = `contested-${round}`;
    const ended = await Promise.all(
      bundles.map(({ bundle }) => sandbox().run(['create', '--bundle', bundle, id])),
    );
    const winners = bundles.filter((_, index) => ended[index]?.status === 0);
    expect(winners).toHaveLength(1);
    for (const { status, stderr } of ended) {
      if (status !== 0) expect(stderr).toContain('container with given ID already exists');
    }
    const state = JSON.parse((await sandbox().run(['state', id])).stdout);
    expect(state).toMatchObject({ status: 'created', bundle: winners[0]?.bundle });
    expect((await sandbox().run(['delete', '--force', id])).status).toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  }
});

test('of two starts one runs the program, once', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', 'echo ran >> /data/output; exec sleep 1000'],
  });
  await container.create();
  const ended = await Promise.all([container.tryStart(), container.tryStart()]);
  expect(ended.map(({ status }) => status).sort()).toEqual([0, 1]);
  expect((await container.state()).status).toBe('running');
});

test('deletes at the same time leave nothing, and none of them fails in an odd way', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'] });
  await container.create();
  await container.start();
  const ended = await Promise.all([1, 2, 3].map(() => container.tryDelete('--force')));
  for (const { status, stderr } of ended) {
    if (status !== 0) expect(stderr).toMatch(/does not exist/);
  }
  expect(sandbox().leftovers()).toEqual([]);
});

test('start against delete --force: whichever comes first, the container is gone in the end', async () => {
  for (let round = 0; round < 4; round++) {
    const container = sandbox().container({ args: ['sleep', '1000'] });
    await container.create();
    const [, deleted] = await Promise.all([container.tryStart(), container.tryDelete('--force')]);
    expect(deleted.status, deleted.stderr).toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  }
});

test('many containers at the same time do not disturb each other', async () => {
  const containers = Array.from({ length: 8 }, (_, index) =>
    sandbox().container({ args: ['sh', '-c', `echo ${index} > /data/number; exit ${index}`] }),
  );
  const ended = await Promise.all(containers.map((container) => container.run()));
  expect(ended.map(({ status }) => status)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(containers.map((container) => container.read('data/number').trim())).toEqual(
    containers.map((_, index) => String(index)),
  );
  expect(sandbox().leftovers()).toEqual([]);
});

test('state and start while a create goes on: creating, and whatever start makes of it is consistent', async () => {
  const pipe = join(sandbox().folder, 'go-on');
  const hook = join(sandbox().folder, 'in-hook');
  const script = `mkfifo ${pipe}; touch ${hook}; read line < ${pipe}`;
  const container = sandbox().container({
    args: ['sleep', '1000'],
    hooks: { createRuntime: [{ path: '/bin/sh', args: ['sh', '-c', script], env: ['PATH=/bin'] }] },
  });
  const create = sandbox().start(['create', '--bundle', container.bundle, container.id]);
  await fileAppears(hook);
  const { status, stdout, stderr } = await container.tryState();
  if (status === 0) expect(JSON.parse(stdout).status).toBe('creating');
  else expect(stderr).toContain('does not exist');
  // It may fail at once, or wait until create is through.
  const start = container.tryStart();
  writeFileSync(pipe, 'on\n');
  expect(await create.status).toBe(0);
  const expected = (await start).status === 0 ? 'running' : 'created';
  expect((await container.state()).status).toBe(expected);
});

test('a run whose container was deleted leaves the next one of that name alone', async () => {
  const first = sandbox().container({ args: ['sh', '-c', 'echo ready; exec sleep 1000'] });
  const next = sandbox().container({ args: ['sleep', '1000'] });
  const run = first.startRun();
  await run.stdout.until(/ready/);
  const { pid } = await first.state();
  // It does not see the end of its program before somebody else has.
  run.signal('SIGSTOP');
  process.kill(pid, 'SIGKILL');
  await waitForEnd(pid);
  expect((await first.state()).status).toBe('stopped');
  await first.delete();
  const made = await sandbox().run(['run', '--detach', '--bundle', next.bundle, first.id]);
  expect(made.status, made.stderr).toBe(0);
  run.signal('SIGCONT');
  expect(await run.status).toBe(128 + 9);
  expect(await first.state()).toMatchObject({ status: 'running', bundle: next.bundle });
});
