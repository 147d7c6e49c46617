import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Running, startPiped } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

const RECEIVER = fileURLToPath(new URL('../../lib/programs/receive-pidfd.py', import.meta.url));

async function listen(socket: string): Promise<Running> {
  const running = startPiped([RECEIVER, socket], {}, '/usr/bin/python3');
  await running.stdout.until(/listening\n/);
  return running;
}

async function facts(receiver: Running): Promise<unknown> {
  await receiver.status;
  return JSON.parse((await receiver.stdout.end).replace('listening\n', ''));
}

test('create sends the pidfd of init', async () => {
  const socket = join(sandbox().folder, 'pidfd');
  const receiver = await listen(socket);
  const container = sandbox().container();
  await container.create(['--pidfd-socket', socket]);
  const { pid } = await container.state();
  expect(await facts(receiver)).toEqual({ name: 'pidfd', descriptors: 1, pid });
});

test('exec sends the pidfd of its process', async () => {
  const socket = join(sandbox().folder, 'pidfd');
  const receiver = await listen(socket);
  const container = sandbox().staticContainer('pause');
  await container.create();
  await container.start();
  const pidFile = join(sandbox().folder, 'pid');
  const flags = ['--detach', '--pid-file', pidFile, '--pidfd-socket', socket];
  const { status } = await sandbox().run(['exec', ...flags, container.id, '/program']);
  expect(status).toBe(0);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  expect(await facts(receiver)).toEqual({ name: 'pidfd', descriptors: 1, pid });
});

test('a pidfd socket that nobody listens on fails the create, and leaves nothing', async () => {
  const container = sandbox().container();
  const socket = join(sandbox().folder, 'nobody');
  const { status, stderr } = await container.tryCreate(['--pidfd-socket', socket]);
  expect(status).toBe(1);
  expect(stderr).toContain(`send the pidfd to --pidfd-socket ${socket}`);
  expect(sandbox().leftovers()).toEqual([]);
});
