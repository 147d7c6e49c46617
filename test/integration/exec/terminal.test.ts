import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RUNTIME } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { startOnTerminal, startTerminalReceiver } from '../../lib/terminal.ts';
import { started, tryExec } from './support.ts';

const sandbox = useSandbox();

/** The last line that the Python side prints. */
const outcome = (output: string): { status: number; same: boolean } =>
  JSON.parse(output.trim().split('\n').at(-1) ?? '');

const execOnTerminal = (id: string, script: string, ...flags: string[]) =>
  startOnTerminal([
    ...[RUNTIME, '--root', sandbox().root, 'exec', '--tty', ...flags],
    ...[id, 'sh', '-c', script],
  ]);

test('--tty relays the terminal in both directions and restores it', async () => {
  const container = await started(sandbox());
  const run = execOnTerminal(
    container.id,
    'tty; stty size; echo ready; read line; echo "got $line"; exit 5',
  );
  await run.stdout.until(/ready/);
  run.stdin.write('hello\n');
  const output = await run.stdout.end;
  expect(output).toContain('/dev/pts/0');
  expect(output).toContain('20 50');
  expect(output).toContain('got hello');
  // Once, by the terminal of the container: the outer one is raw and does not echo.
  expect(output.match(/hello/g)).toHaveLength(2);
  expect(outcome(output)).toEqual({ status: 5, same: true });
});

test('the terminal of the program follows the size of the caller’s', async () => {
  const container = await started(sandbox());
  const run = execOnTerminal(
    container.id,
    'trap "stty size; exit 0" WINCH; echo ready; sleep 1000 & wait',
  );
  await run.stdout.until(/ready/);
  run.stdin.write('\u0001resize 31 99\n');
  await run.stdout.until(/31 99/);
  expect(outcome(await run.stdout.end)).toMatchObject({ status: 0, same: true });
});

test('an interrupt typed on the terminal reaches the program, which controls it', async () => {
  const container = await started(sandbox());
  const run = execOnTerminal(
    container.id,
    'trap "echo interrupted; exit 6" INT; echo ready; sleep 1000 & wait',
    ...['--user', '1000'],
  );
  await run.stdout.until(/ready/);
  run.stdin.write('\u0003');
  const output = await run.stdout.end;
  expect(output).toContain('interrupted');
  expect(outcome(output)).toEqual({ status: 6, same: true });
});

test('the user of the program owns its terminal', async () => {
  const container = await started(sandbox());
  const run = execOnTerminal(
    container.id,
    'stat -c "owner %u" $(tty); echo x > /dev/tty',
    '-u',
    '77',
  );
  expect(await run.stdout.end).toContain('owner 77');
});

test('--detach sends the master over the console socket', async () => {
  const receiver = await startTerminalReceiver(join(sandbox().folder, 'console.sock'));
  const container = await started(sandbox());
  const { status } = await tryExec(
    container,
    ['sh', '-c', 'tty; read line; echo "got $line"'],
    ['--detach', '--tty', '--console-socket', receiver.socket],
  );
  expect(status).toBe(0);
  expect(await receiver.facts).toMatchObject({ descriptors: 1, isatty: true });
  // The terminal echoes what is typed at once, whatever the program has printed by then.
  await receiver.running.stdout.until(/\/dev\/pts\/0\s*\n/);
  receiver.running.stdin.write('hello\n');
  expect((await receiver.output).replaceAll('\r', '')).toBe('/dev/pts/0\nhello\ngot hello\n');
});

test('a console socket on which nobody listens is an error, and the program does not run', async () => {
  const container = await started(sandbox());
  const { status, stderr } = await tryExec(
    container,
    ['touch', '/data/ran'],
    ['--detach', '--tty', '--console-socket', '/nosuch/console.sock'],
  );
  expect(status).toBe(255);
  expect(stderr).toContain('/nosuch/console.sock');
  expect(() => container.read('data/ran')).toThrow('ENOENT');
});

test('without --tty there is no terminal, even where the container has one', async () => {
  const receiver = await startTerminalReceiver(join(sandbox().folder, 'console.sock'));
  const container = sandbox().container({
    args: ['sleep', '100000'],
    process: { terminal: true },
  });
  await container.create(['--console-socket', receiver.socket]);
  await container.start();
  expect((await tryExec(container, ['tty'])).stdout).toBe('not a tty\n');
  // The receiver ends with the terminal: it has to be gone when the sandbox looks for what is left.
  await container.delete('--force');
  await receiver.running.status;
});
