import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { succeed } from '../../lib/container.ts';
import { type Running, startPiped } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

const RECEIVER = fileURLToPath(new URL('../../lib/programs/receive-notify.py', import.meta.url));

const socketPath = () => join(sandbox().folder, 'notify');

async function listen(socket: string): Promise<Running> {
  const running = startPiped([RECEIVER, socket], {}, '/usr/bin/python3');
  await running.stdout.until(/listening\n/);
  return running;
}

/** @returns what has been received, once the barrier has come */
async function received(receiver: Running): Promise<{ data: string; descriptors: number }[]> {
  await receiver.stdout.until(/BARRIER/);
  receiver.signal('SIGTERM');
  await receiver.status;
  return receiver.stdout.text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

const BARRIER = { data: 'BARRIER=1', descriptors: 1 };

test('start passes the readiness of a container on, with its pid, and waits for it', async () => {
  const receiver = await listen(socketPath());
  const env = { NOTIFY_SOCKET: socketPath() };
  const container = sandbox().staticContainer('notify', { args: ['/program', 'READY=1'] });
  await container.create([], { env });
  succeed('start', await sandbox().run(['start', container.id], { env }));
  const { pid } = await container.state();
  expect(await received(receiver)).toEqual([
    { data: `MAINPID=${pid}\nREADY=1`, descriptors: 0 },
    BARRIER,
  ]);
});

test('run --detach does so too, by way of an abstract socket', async () => {
  const socket = `@runts-test-${process.pid}`;
  const receiver = await listen(socket);
  const container = sandbox().staticContainer('notify', { args: ['/program', 'READY=1'] });
  succeed('run', await container.run(['--detach'], { env: { NOTIFY_SOCKET: socket } }));
  const { pid } = await container.state();
  const [first] = await received(receiver);
  expect(first?.data).toBe(`MAINPID=${pid}\nREADY=1`);
});

test('run in the foreground stays the main process itself, and goes on to pass signals', async () => {
  const receiver = await listen(socketPath());
  const container = sandbox().staticContainer('notify', { args: ['/program', 'READY=1'] });
  const run = sandbox().start(['run', '--bundle', container.bundle, container.id], {
    env: { NOTIFY_SOCKET: socketPath() },
  });
  const [first] = await received(receiver);
  expect(first?.data).toBe(`MAINPID=${run.pid}\nREADY=1`);
  run.signal('SIGTERM');
  // Init of a pid namespace that handles no signal gets none but SIGKILL.
  await container.kill('KILL');
  expect(await run.status).toBe(137);
});

test('nothing else that a container says is passed on', async () => {
  const receiver = await listen(socketPath());
  const said = [
    'STATUS=busy',
    'MAINPID=1',
    `X=${'x'.repeat(9000)}`,
    '',
    'STOPPING=1\nREADY=1\nMAINPID=1',
  ];
  const container = sandbox().staticContainer('notify', { args: ['/program', ...said] });
  const env = { NOTIFY_SOCKET: socketPath() };
  succeed('run', await container.run(['--detach'], { env }));
  const { pid } = await container.state();
  expect(await received(receiver)).toEqual([
    { data: `MAINPID=${pid}\nREADY=1`, descriptors: 0 },
    BARRIER,
  ]);
});

test('start returns when the container ends without having been ready', async () => {
  const receiver = await listen(socketPath());
  const env = { NOTIFY_SOCKET: socketPath() };
  const container = sandbox().staticContainer('notify', { args: ['/program', 'STATUS=x', 'end'] });
  succeed('run', await container.run(['--detach'], { env }));
  receiver.signal('SIGTERM');
  await receiver.status;
  expect(receiver.stdout.text).toBe('listening\n');
});

test('a socket that nobody listens on is refused, and the container is not started', async () => {
  const env = { NOTIFY_SOCKET: socketPath() };
  const container = sandbox().staticContainer('notify', { args: ['/program', 'READY=1'] });
  await container.create([], { env });
  const { status, stderr } = await sandbox().run(['start', container.id], { env });
  expect(status).toBe(1);
  expect(stderr).toContain(`reach the socket of NOTIFY_SOCKET, ${socketPath()}`);
  expect((await container.state()).status).toBe('created');
});
