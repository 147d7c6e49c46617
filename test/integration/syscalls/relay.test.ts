import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { receiveMessageAsync, sendMessage } from '../../../src/syscalls/socket.ts';
import { relay } from '../../../src/syscalls/terminal.ts';
import { pidfdOpen } from '../../../src/syscalls/wait.ts';
import { isAlive } from '../../lib/processes.ts';
import {
  bytes,
  close,
  closeLater,
  openTerminal,
  pair,
  runOn,
  temporaryDirectory,
} from './support.ts';

/** A program on a terminal whose relay writes to a file; `finish` gives what was written. */
async function start(script: string, options: { input?: number } = {}) {
  const { master, slave } = await openTerminal();
  const path = join(temporaryDirectory(), 'output');
  const output = openSync(path, 'w');
  closeLater(output);
  const child = runOn(slave, script);
  const until = pidfdOpen(child.pid);
  closeLater(until);
  close(slave);
  const done = relay(master, { ...options, output, until });
  return { output: () => done.then(() => readFileSync(path, 'utf8')) };
}

/** What comes out of the relay until it contains `text`. */
async function shown(screen: number, text: string): Promise<string> {
  let all = '';
  while (!all.includes(text)) {
    const message = await receiveMessageAsync(screen, 4096, 0);
    if (message === null) throw new Error(`ended with ${all}`);
    all += Buffer.from(message.data).toString();
  }
  return all;
}

test('big output arrives whole, though the program has ended long before it is read', async () => {
  const { output } = await start('seq 1 100000');
  const expected = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\r\n`).join('');
  expect((await output()) === expected).toBe(true);
});

test('nothing of what a program prints last is lost, many times over', async () => {
  for (let round = 0; round < 20; round++) {
    const { output } = await start(`printf '%s' last-${round}`);
    expect(await output()).toBe(`last-${round}`);
  }
});

test('input reaches the program and comes back as the terminal’s echo', async () => {
  const [ours, theirs] = pair();
  const { output } = await start('read line; echo "got $line"', { input: theirs });
  sendMessage(ours, bytes('hello\n'));
  expect(await output()).toBe('hello\r\ngot hello\r\n');
});

test('Ctrl-C is a byte that the program’s terminal makes a signal of', async () => {
  const { master, slave } = await openTerminal();
  const [keyboard, input] = pair();
  const [screen, output] = pair();
  // Not by `read`: a signal that comes just before it would wait for a line. `wait` has no such gap.
  const script = 'trap "echo interrupted; exit 5" INT; echo ready; sleep 1000 & wait';
  const child = runOn(slave, `exec setsid --ctty --wait sh -c '${script}'`);
  close(slave);
  const exit = once(child, 'exit');
  const done = relay(master, { input, output });
  // A terminal hands a line and its end on one after the other.
  expect(await shown(screen, '\n')).toBe('ready\r\n');
  sendMessage(keyboard, bytes('\x03'));
  expect(await shown(screen, 'interrupted')).toContain('interrupted');
  expect(await exit).toEqual([5, null]);
  await done;
});

test('the end of the input is not the end of the output', async () => {
  const [keyboard, input] = pair();
  const gate = join(temporaryDirectory(), 'gate');
  execFileSync('mkfifo', [gate]);
  const { output } = await start(`read go <${gate}; echo after`, { input });
  close(keyboard);
  writeFileSync(gate, 'go\n');
  expect(await output()).toBe('after\r\n');
});

test('a program that prints without reading is not stopped by input that nobody takes', async () => {
  const [ours, theirs] = pair();
  const { output } = await start('stty raw -echo; seq 1 20000', { input: theirs });
  const paste = new Uint8Array(4096).fill(0x61);
  // More than the queue of a terminal (4096) and the buffer of the relay hold.
  for (let count = 0; count < 10; count++) sendMessage(ours, paste);
  expect(await output()).toContain('20000');
});

test('it ends with the program, whatever has the terminal still open', async () => {
  const { output } = await start('tail -f /dev/null & echo $!');
  const pid = Number.parseInt(await output(), 10);
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  // By whatever name: it may not have become tail yet.
  expect(isAlive(pid)).toBe(true);
});

test('it ends with the program, whoever goes on printing', async () => {
  const { output } = await start('yes >/dev/tty 2>/dev/null || yes & echo "pid $!."');
  const text = await output();
  const pid = Number(/pid (\d+)\./.exec(text)?.[1]);
  process.kill(pid, 'SIGKILL');
  expect(text).toContain('pid');
});

test('a program whose output nobody reads any more goes on', async () => {
  const { master, slave } = await openTerminal();
  const [ours, theirs] = pair();
  const child = runOn(slave, 'seq 1 50000; exit 3');
  const until = pidfdOpen(child.pid);
  closeLater(until);
  close(slave);
  const exit = once(child, 'exit');
  const done = relay(master, { output: theirs, until });
  await receiveMessageAsync(ours, 4096, 0);
  close(ours);
  expect(await exit).toEqual([3, null]);
  await done;
});

test('without a descriptor to wait for it ends when nobody has the terminal open', async () => {
  const { master, slave } = await openTerminal();
  const path = join(temporaryDirectory(), 'output');
  const output = openSync(path, 'w');
  closeLater(output);
  const child = runOn(slave, 'echo here');
  close(slave);
  const exit = once(child, 'exit');
  await relay(master, { output });
  await exit;
  expect(readFileSync(path, 'utf8')).toBe('here\r\n');
});

test('a descriptor that is none rejects or ends it, and never spins', async () => {
  const [, theirs] = pair();
  await expect(relay(9999, { output: theirs })).rejects.toMatchObject({
    syscall: 'fcntl(F_SETFL)',
    code: 'EBADF',
  });
});
