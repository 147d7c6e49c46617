import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RUNTIME } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { startOnTerminal, startTerminalReceiver } from '../../lib/terminal.ts';

const sandbox = useSandbox();
const TERMINAL = { process: { terminal: true } };

const runOnTerminal = (bundle: string, id: string) =>
  startOnTerminal([RUNTIME, '--root', sandbox().root, 'run', '--bundle', bundle, id]);

/** The last line that the Python side prints. */
const outcome = (output: string): { status: number; same: boolean } =>
  JSON.parse(output.trim().split('\n').at(-1) ?? '');

test('create sends the master of the terminal over the console socket, and the program has the other end', async () => {
  const receiver = await startTerminalReceiver(join(sandbox().folder, 'console.sock'));
  const container = sandbox().container({
    ...TERMINAL,
    args: [
      'sh',
      '-c',
      'test -t 0 && test -t 1 && test -t 2 && echo three; read line; echo "got $line"',
    ],
  });
  await container.create(['--console-socket', receiver.socket]);
  expect(await receiver.facts).toMatchObject({ descriptors: 1, isatty: true });
  await container.start();
  await receiver.running.stdout.until(/three/);
  receiver.running.stdin.write('hello\n');
  expect((await receiver.output).replaceAll('\r', '')).toBe('three\nhello\ngot hello\n');
});

test('run --detach with a console socket', async () => {
  const receiver = await startTerminalReceiver(join(sandbox().folder, 'console.sock'));
  const container = sandbox().container({ ...TERMINAL, args: ['tty'] });
  const { status } = await container.run(['--detach', '--console-socket', receiver.socket]);
  expect(status).toBe(0);
  expect((await receiver.output).trim()).toBe('/dev/pts/0');
});

test('run in the foreground relays the terminal in both directions and restores it', async () => {
  const container = sandbox().container({
    ...TERMINAL,
    args: ['sh', '-c', 'echo ready; read line; echo "got $line"; exit 5'],
  });
  const run = runOnTerminal(container.bundle, container.id);
  await run.stdout.until(/ready/);
  run.stdin.write('hello\n');
  const output = await run.stdout.end;
  expect(output).toContain('got hello');
  // Once, by the terminal of the container: the outer one is raw and does not echo.
  expect(output.match(/hello/g)).toHaveLength(2);
  expect(outcome(output)).toEqual({ status: 5, same: true });
});

test('run gives the terminal of the container the size of its own, and follows when that changes', async () => {
  const container = sandbox().container({
    ...TERMINAL,
    args: ['sh', '-c', 'stty size; trap "stty size; exit 0" WINCH; echo ready; sleep 1000 & wait'],
  });
  const run = runOnTerminal(container.bundle, container.id);
  await run.stdout.until(/20 50\s+ready/);
  run.stdin.write('\u0001resize 31 99\n');
  await run.stdout.until(/31 99/);
  expect(outcome(await run.stdout.end)).toMatchObject({ status: 0, same: true });
});

test('an interrupt typed on the terminal reaches the program, not the runtime', async () => {
  const container = sandbox().container({
    ...TERMINAL,
    args: ['sh', '-c', 'trap "echo interrupted; exit 6" INT; echo ready; sleep 1000 & wait'],
  });
  const run = runOnTerminal(container.bundle, container.id);
  await run.stdout.until(/ready/);
  run.stdin.write('\u0003');
  const output = await run.stdout.end;
  expect(output).toContain('interrupted');
  expect(outcome(output)).toEqual({ status: 6, same: true });
});

test('the terminal is restored when the program is killed', async () => {
  const container = sandbox().container({
    ...TERMINAL,
    args: ['sh', '-c', 'echo ready; exec sleep 1000'],
  });
  const run = runOnTerminal(container.bundle, container.id);
  await run.stdout.until(/ready/);
  await container.kill('KILL');
  expect(outcome(await run.stdout.end)).toEqual({ status: 137, same: true });
});

test('a large output comes through the terminal whole', async () => {
  const container = sandbox().container({ ...TERMINAL, args: ['seq', '1', '20000'] });
  const run = runOnTerminal(container.bundle, container.id);
  const lines = (await run.stdout.end).replaceAll('\r', '').trim().split('\n');
  expect(lines.slice(0, -1)).toEqual(
    Array.from({ length: 20000 }, (_, index) => String(index + 1)),
  );
});

test('a terminal without a console socket, and a console socket without a terminal, are refused', async () => {
  const terminal = sandbox().container({ ...TERMINAL });
  expect((await terminal.tryCreate()).status).toBe(1);
  expect((await terminal.run(['--detach'])).status).toBe(1);

  const receiver = await startTerminalReceiver(join(sandbox().folder, 'console.sock'));
  const plain = sandbox().container();
  expect((await plain.tryCreate(['--console-socket', receiver.socket])).status).toBe(1);
  const absent = sandbox().container({ ...TERMINAL });
  expect((await absent.tryCreate(['--console-socket', '/no-such/console.sock'])).status).toBe(1);
  receiver.running.signal('SIGTERM');
  await receiver.running.status;
  expect(sandbox().leftovers()).toEqual([]);
});
