import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Section } from '../../lib/config.ts';
import { fileAppears } from '../../lib/files.ts';
import { waitForEnd } from '../../lib/processes.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

/** Parts of the time that a create takes, at which the runtime is killed. */
const MOMENTS = 24;

const plentiful: Section = {
  resources: { devices: [{ allow: false, access: 'rwm' }] },
  maskedPaths: ['/proc/meminfo'],
  sysctl: { 'net.ipv4.ip_forward': '1' },
};

test('a runtime that is killed at any moment of create leaves nothing that delete --force does not remove', async () => {
  const duration = await measure();
  for (let moment = 0; moment < MOMENTS; moment++) {
    const container = sandbox().container({ args: ['sleep', '1000'], linux: plentiful });
    const create = sandbox().start(['create', '--bundle', container.bundle, container.id]);
    // Not a wait for something to have happened: the moment itself is what is varied.
    setTimeout(() => create.signal('SIGKILL'), (duration * moment) / MOMENTS);
    await create.status;
    const { status, stderr } = await container.tryDelete('--force');
    expect({ moment, status, stderr }).toEqual({ moment, status: 0, stderr: '' });
    expect(sandbox().leftovers(), `killed at ${moment}/${MOMENTS}`).toEqual([]);
  }
});

for (const verb of ['start', 'delete'] as const) {
  test(`a runtime that is killed at any moment of ${verb} leaves nothing that delete --force does not remove`, async () => {
    const duration = await measure();
    for (let moment = 0; moment < MOMENTS / 3; moment++) {
      const container = sandbox().container({ args: ['sleep', '1000'], linux: plentiful });
      await container.create();
      const flags = verb === 'delete' ? ['--force'] : [];
      const running = sandbox().start([verb, ...flags, container.id]);
      setTimeout(() => running.signal('SIGKILL'), (duration * moment * 3) / MOMENTS);
      await running.status;
      const { status, stderr } = await container.tryDelete('--force');
      expect({ moment, status, stderr }).toEqual({ moment, status: 0, stderr: '' });
      expect(sandbox().leftovers(), `killed at ${moment}`).toEqual([]);
    }
  });
}

async function measure(): Promise<number> {
  const container = sandbox().container({ args: ['sleep', '1000'], linux: plentiful });
  const started = performance.now();
  await container.create();
  const duration = performance.now() - started;
  await container.delete('--force');
  return duration;
}

for (const kind of ['prestart', 'createRuntime', 'createContainer'] as const) {
  test(`a runtime that is killed during a ${kind} hook leaves nothing that delete --force does not remove`, async () => {
    const { folder } = sandbox();
    const marker = join(folder, 'in-hook');
    const pipe = join(folder, 'pipe');
    const script = `mkfifo ${pipe}; echo $$ > ${marker}.new; mv ${marker}.new ${marker}; read line < ${pipe}`;
    const container = sandbox().container({
      args: ['sleep', '1000'],
      without: ['pid'],
      mounts: [{ destination: folder, source: folder, options: ['bind'] }],
      hooks: { [kind]: [{ path: '/bin/sh', args: ['sh', '-c', script], env: ['PATH=/bin'] }] },
    });
    const create = sandbox().start(['create', '--bundle', container.bundle, container.id]);
    await fileAppears(marker);
    create.signal('SIGKILL');
    await create.status;
    expect((await container.tryDelete('--force')).status).toBe(0);
    // The hook itself is a program of its own on the host, and may outlive the runtime.
    const hook = Number(readFileSync(marker, 'utf8'));
    const left = sandbox().leftovers();
    expect(left.filter((line) => !line.startsWith(`process ${hook}:`))).toEqual([]);
    // Whether the hook reads by now, is about to or was killed: opened for both, a pipe waits for nobody (fifo(7)).
    const open = openSync(pipe, 'r+');
    writeSync(open, 'go on\n');
    await waitForEnd(hook);
    closeSync(open);
  });
}

test('a runtime that is killed while it runs a container in the foreground: the container can be deleted', async () => {
  const container = sandbox().container({ args: ['sh', '-c', 'echo ready; exec sleep 1000'] });
  const run = container.startRun();
  await run.stdout.until(/ready/);
  run.signal('SIGKILL');
  await run.status;
  expect((await container.tryDelete('--force')).status).toBe(0);
  expect(sandbox().leftovers()).toEqual([]);
});

test('an id is free again after a create that was killed and a delete --force', async () => {
  const container = sandbox().container({ args: ['echo', 'again'] });
  const create = sandbox().start(['create', '--bundle', container.bundle, container.id]);
  await fileAppears(sandbox().root);
  create.signal('SIGKILL');
  await create.status;
  expect((await container.tryDelete('--force')).status).toBe(0);
  expect(existsSync(join(sandbox().root, container.id))).toBe(false);
  expect(await container.output()).toBe('again\n');
});
