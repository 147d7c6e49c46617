/** What a `run` in the foreground does with the signals that it gets. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RUNTIME, startPiped } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

/** All but those that no process handles, that libc keeps, that a fault raises, or that mean the runtime itself. */
const KEPT = [4, 5, 6, 7, 8, 9, 11, 13, 17, 19, 23, 27, 30, 31, 32, 33];
const FORWARDED = Array.from({ length: 64 }, (_, index) => index + 1).filter(
  (signal) => !KEPT.includes(signal),
);

test('run passes on every signal that it can handle, those of real time too', async () => {
  const container = sandbox().staticContainer('signals');
  const run = container.startRun();
  await run.stdout.until(/ready/);
  for (const signal of FORWARDED) {
    process.kill(run.pid, signal);
    // One after the other: the kernel takes a pending SIGCONT back for a SIGTSTP, and the other way round.
    await run.stdout.until(new RegExp(`\n${signal}\n`));
  }
  await container.kill('KILL');
  expect(await run.status).toBe(137);
  expect(await run.stdout.end).toBe(['ready', ...FORWARDED, ''].join('\n'));
});

test('of a real-time signal none is lost, however many come at once', async () => {
  const container = sandbox().staticContainer('signals');
  const run = container.startRun();
  await run.stdout.until(/ready/);
  for (let count = 0; count < 200; count++) process.kill(run.pid, 37);
  await run.stdout.until(/(37\n){200}/);
  await container.kill('KILL');
  expect(await run.status).toBe(137);
});

test.each([
  ['TERM', 143],
  ['RTMIN+3', 165],
])('SIG%s that comes while the container is made is kept for its program', async (name, status) => {
  const script = `/bin/kill -${name} $PPID`;
  const container = sandbox().container({
    // Init of a pid namespace would not be ended by it.
    without: ['pid'],
    args: ['sleep', '1000'],
    hooks: { createRuntime: [{ path: '/bin/sh', args: ['sh', '-c', script] }] },
  });
  expect((await container.run()).status).toBe(status);
});

test('a signal that the caller ignores is passed on all the same', async () => {
  const container = sandbox().staticContainer('signals');
  const args = ['--root', sandbox().root, 'run', '--bundle', container.bundle, container.id];
  const run = startPiped(['-c', 'trap "" HUP; exec "$0" "$@"', RUNTIME, ...args], {}, '/bin/sh');
  await run.stdout.until(/ready/);
  run.signal('SIGHUP');
  await run.stdout.until(/\n1\n/);
  await container.kill('KILL');
  await run.status;
});

test('run ends with the exit code of the program, or 128 and the signal that has ended it', async () => {
  for (const [script, expected] of [
    ['exit 0', 0],
    ['exit 255', 255],
    ['kill -SEGV $$', 139],
    ['kill -KILL $$', 137],
  ] as const) {
    const container = sandbox().container({ without: ['pid'], args: ['sh', '-c', script] });
    expect((await container.run()).status, script).toBe(expected);
  }
});

test('with a terminal, run in the background is stopped and does not try again for ever', async () => {
  const container = sandbox().container({
    process: { terminal: true },
    args: ['sh', '-c', 'exit 4'],
  });
  const program = fileURLToPath(new URL('../../lib/programs/in-background.py', import.meta.url));
  const args = ['--root', sandbox().root, 'run', '--bundle', container.bundle, container.id];
  const shell = startPiped([program, RUNTIME, ...args], {}, '/usr/bin/python3');
  expect((await shell.stdout.end).replaceAll('\r', '')).toBe('stopped\n{"status": 4}\n');
});

test('the sources on Node.js do the same, by way of its event loop', async () => {
  const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
  const container = sandbox().staticContainer('signals');
  const args = ['--root', sandbox().root, 'run', '--bundle', container.bundle, container.id];
  const run = startPiped(['--import', 'tsx', main, ...args], {}, process.execPath);
  await run.stdout.until(/ready/);
  for (const signal of [2, 10, 15, 37]) {
    process.kill(run.pid, signal);
    await run.stdout.until(new RegExp(`\n${signal}\n`));
  }
  await container.kill('KILL');
  expect(await run.status).toBe(137);
});
