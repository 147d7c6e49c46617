import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, readlinkSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { receiveMessageAsync } from '../../../src/syscalls/socket.ts';
import {
  getTermios,
  getWindowSize,
  guardTerminal,
  makeRaw,
  setTermios,
  setWindowSize,
} from '../../../src/syscalls/terminal.ts';
import { pidfdOpen, pidfdSendSignal, pollExit } from '../../../src/syscalls/wait.ts';
import { close, closeLater, openDescriptors, openTerminal, pair } from './support.ts';

describe('a terminal', () => {
  test('is raw after makeRaw, and as before after setTermios with what that returned', async () => {
    const { slave } = await openTerminal();
    const before = getTermios(slave);
    const saved = makeRaw(slave);
    expect(saved).toEqual(before);
    expect(getTermios(slave)).not.toEqual(before);
    setTermios(slave, saved);
    expect(getTermios(slave)).toEqual(before);
  });

  test('has the size that was set', async () => {
    const { master, slave } = await openTerminal();
    setWindowSize(master, { rows: 43, cols: 65535 });
    expect(getWindowSize(slave)).toEqual({ rows: 43, cols: 65535 });
    expect(() => setWindowSize(master, { rows: 65536, cols: 1 })).toThrow(TypeError);
  });

  test('is ENOTTY where there is none', () => {
    const file = openSync('/dev/null', 'r+');
    closeLater(file);
    const notTerminal = expect.objectContaining({ code: 'ENOTTY' });
    expect(() => getTermios(file)).toThrow(notTerminal);
    expect(() => makeRaw(file)).toThrow(notTerminal);
    expect(() => getWindowSize(file)).toThrow(notTerminal);
  });
});

describe('the guard of a terminal', () => {
  /** The runtime of the fixture, in raw mode, and its guard. */
  async function start(slave: number, ...args: string[]) {
    const [ours, theirs] = pair();
    const fixture = new URL('guard-fixture.ts', import.meta.url).pathname;
    const runtime = spawn(process.execPath, ['--import', 'tsx', fixture, ...args], {
      stdio: [slave, 'inherit', 'inherit', theirs],
    });
    onTestFinished(() => void runtime.kill('SIGKILL'));
    close(theirs);
    const ready = await receiveMessageAsync(ours, 10, 0);
    expect(Buffer.from(ready?.data ?? []).toString()).toBe('raw');
    const guard = childrenOf(runtime.pid ?? 0).find((pid) => nameOf(pid) === 'runts:terminal');
    if (guard === undefined) throw new Error('there is no guard');
    const pidfd = pidfdOpen(guard);
    closeLater(pidfd);
    return { runtime, guard, pidfd };
  }

  test('puts it right when the runtime is killed', async () => {
    const { slave } = await openTerminal();
    const before = getTermios(slave);
    const { runtime, pidfd } = await start(slave);
    expect(getTermios(slave)).not.toEqual(before);
    runtime.kill('SIGKILL');
    await once(runtime, 'exit');
    expect(pollExit(pidfd, 10_000)).toBe(true);
    expect(getTermios(slave)).toEqual(before);
  });

  test('leaves it alone when somebody else has set its modes meanwhile', async () => {
    const { slave } = await openTerminal();
    const { runtime, pidfd } = await start(slave, 'leaves');
    const modes = getTermios(slave);
    runtime.kill('SIGKILL');
    expect(pollExit(pidfd, 10_000)).toBe(true);
    expect(getTermios(slave)).toEqual(modes);
  });

  test('is out of reach of the terminal’s signals and holds nothing but the terminal and its socket', async () => {
    const { slave } = await openTerminal();
    const { guard, pidfd } = await start(slave);
    for (const signal of [1, 2, 3, 13, 15, 20, 21, 22]) pidfdSendSignal(pidfd, signal);
    expect(pollExit(pidfd, 0)).toBe(false);
    expect(sessionOf(guard)).toBe(guard);
    expect(openDescriptors(guard)).toEqual(['0', '1']);
    expect(readlinkSync(`/proc/${guard}/fd/0`)).toMatch(/^\/dev\/pts\//);
    expect(readlinkSync(`/proc/${guard}/fd/1`)).toMatch(/^socket:/);
    expect(readlinkSync(`/proc/${guard}/cwd`)).toBe('/');
  });

  test('ends with its release and leaves nothing behind', async () => {
    const { slave } = await openTerminal();
    const before = { fds: openDescriptors(), children: childrenOf(process.pid) };
    const guard = guardTerminal(slave, getTermios(slave));
    expect(childrenOf(process.pid)).toHaveLength(before.children.length + 1);
    makeRaw(slave);
    const raw = getTermios(slave);
    guard.release();
    guard.release();
    expect(getTermios(slave)).toEqual(raw);
    expect({ fds: openDescriptors(), children: childrenOf(process.pid) }).toEqual(before);
  });

  test('that was killed is released like any other', async () => {
    const { slave } = await openTerminal();
    const known = childrenOf(process.pid);
    const guard = guardTerminal(slave, getTermios(slave));
    const [pid = 0] = childrenOf(process.pid).filter((child) => !known.includes(child));
    process.kill(pid, 'SIGKILL');
    guard.release();
    expect(childrenOf(process.pid)).toEqual(known);
  });
});

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();

/** Field 6 of proc(5), /proc/PID/stat. */
const sessionOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]);
