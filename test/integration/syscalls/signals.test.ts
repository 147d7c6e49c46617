import { readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pipe } from '../../../src/syscalls/pipe.ts';
import { noteSignals, waitForwarding, waitForwardingAsync } from '../../../src/syscalls/signals.ts';
import { type Child, spawnHelper } from '../../../src/syscalls/spawn.ts';
import { getWindowSize, setWindowSize } from '../../../src/syscalls/terminal.ts';
import { pidfdSendSignal, pollExitAsync } from '../../../src/syscalls/wait.ts';
import { statusField } from '../../lib/processes.ts';
import { bytes, close, closeLater, openDescriptors, openTerminal, pair } from './support.ts';

const { SIGHUP, SIGUSR2, SIGWINCH, SIGTERM, SIGKILL } = constants.signals;
const REAL_TIME = 40;
/** What Node.js and the test runner need for themselves. */
const EXCEPT = [4, 5, 6, 7, 8, 10, 11, 13, 17, 27, 30, 31];

function note() {
  const notes = noteSignals(EXCEPT);
  onTestFinished(() => notes.close());
  return notes;
}

/** What has been noted by now. */
function read(descriptor: number): number[] {
  const buffer = new Uint8Array(100);
  try {
    return [...buffer.subarray(0, readSync(descriptor, buffer))];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return [];
    throw error;
  }
}

/** By this thread to itself, so that it has come when this returns. */
const raise = (signal: number): void => void process.kill(process.pid, signal);

describe('noteSignals', () => {
  test('keeps the numbers of signals, in their order, until they are read', () => {
    const { descriptor } = note();
    expect(read(descriptor)).toEqual([]);
    raise(SIGUSR2);
    raise(REAL_TIME);
    raise(REAL_TIME);
    raise(SIGHUP);
    expect(read(descriptor)).toEqual([SIGUSR2, REAL_TIME, REAL_TIME, SIGHUP]);
    expect(read(descriptor)).toEqual([]);
  });

  test('leaves alone what it is told to', () => {
    const before = statusField(process.pid, 'SigCgt');
    noteSignals(Array.from({ length: 64 }, (_, index) => index + 1)).close();
    expect(statusField(process.pid, 'SigCgt')).toBe(before);
    expect(() => noteSignals([0])).toThrow(TypeError);
    expect(() => noteSignals([65])).toThrow(TypeError);
  });

  test('gives every signal to each who asks, and leaves no descriptor and no handler', () => {
    const before = { open: openDescriptors(), caught: statusField(process.pid, 'SigCgt') };
    const first = note();
    const second = note();
    raise(REAL_TIME);
    expect(read(first.descriptor)).toEqual([REAL_TIME]);
    first.close();
    raise(SIGUSR2);
    expect(read(second.descriptor)).toEqual([REAL_TIME, SIGUSR2]);
    second.close();
    second.close();
    const caught = statusField(process.pid, 'SigCgt');
    expect({ open: openDescriptors(), caught }).toEqual(before);
  });

  test('has handlers that were there before called as well, and puts them back', async () => {
    let heard = 0;
    const listener = () => heard++;
    process.on('SIGUSR2', listener);
    onTestFinished(() => void process.off('SIGUSR2', listener));
    const { descriptor, close: forget } = note();
    raise(SIGUSR2);
    expect(read(descriptor)).toEqual([SIGUSR2]);
    forget();
    raise(SIGUSR2);
    while (heard < 2) await new Promise(setImmediate);
    expect(heard).toBe(2);
  });

  test('leaves a handler in its place that was installed meanwhile', async () => {
    const notes = note();
    const heard = new Promise((resolve) => process.once('SIGUSR2', resolve));
    notes.close();
    raise(SIGUSR2);
    await heard;
  });
});

/** A child that waits until it is told to end, or is ended by a signal: the helper handles none. */
function start(): Child & { finish(): void } {
  const [ours, theirs] = pair();
  const child = spawnHelper([theirs, theirs, theirs], theirs, 'runts:[test]');
  close(theirs);
  closeLater(child.pidfd);
  return { ...child, finish: () => close(ours) };
}

const OTHERS = { reapsOthers: false };

describe('waitForwarding', () => {
  test('returns how a child has ended, and reaps it, with and without signals to pass on', () => {
    for (const signals of [undefined, note().descriptor]) {
      const child = start();
      child.finish();
      expect(waitForwarding(child, { ...OTHERS, signals })).toEqual({ code: 0 });
      expect(() => waitForwarding(child, { ...OTHERS, signals })).toThrow(
        expect.objectContaining({ syscall: 'waitid', code: 'ECHILD' }),
      );
    }
  });

  test('passes on what came before it and what comes', async () => {
    const { descriptor } = note();
    raise(REAL_TIME);
    const child = start();
    expect(waitForwarding(child, { ...OTHERS, signals: descriptor })).toEqual({
      signal: REAL_TIME,
    });
    const next = start();
    const exit = waitForwardingAsync(next, { ...OTHERS, signals: descriptor });
    raise(SIGTERM);
    expect(await exit).toEqual({ signal: SIGTERM });
  });

  test('goes on without signals when their other side is closed', async () => {
    const [signals, end] = pipe();
    closeLater(signals);
    const child = start();
    const exit = waitForwardingAsync(child, { ...OTHERS, signals });
    close(end);
    expect(await pollExitAsync(child.pidfd, 20)).toBe(false);
    child.finish();
    expect(await exit).toEqual({ code: 0 });
  });

  test('reaps other children where it is asked to', async () => {
    const own = start();
    const other = start();
    const exit = waitForwardingAsync(own, { reapsOthers: true });
    pidfdSendSignal(other.pidfd, SIGKILL);
    // ESRCH is what a process that was reaped gives; one that has only ended can be signalled.
    while (isThere(other)) await new Promise(setImmediate);
    own.finish();
    expect(await exit).toEqual({ code: 0 });
  });

  test('gives a terminal the size of the caller’s instead of passing SIGWINCH on', async () => {
    const outer = await openTerminal();
    const inner = await openTerminal();
    const { descriptor } = note();
    const child = start();
    const terminal = { input: outer.slave, master: inner.master };
    const exit = waitForwardingAsync(child, { ...OTHERS, signals: descriptor, terminal });
    setWindowSize(outer.slave, { rows: 12, cols: 34 });
    raise(SIGWINCH);
    while (getWindowSize(inner.slave).cols !== 34) await new Promise(setImmediate);
    expect(getWindowSize(inner.slave)).toEqual({ rows: 12, cols: 34 });
    child.finish();
    expect(await exit).toEqual({ code: 0 });
  });

  test('an input that is no terminal changes no size', async () => {
    const inner = await openTerminal();
    setWindowSize(inner.slave, { rows: 5, cols: 6 });
    const [input] = pair();
    const { descriptor } = note();
    const child = start();
    raise(SIGWINCH);
    child.finish();
    const terminal = { input, master: inner.master };
    waitForwarding(child, { ...OTHERS, signals: descriptor, terminal });
    expect(getWindowSize(inner.slave)).toEqual({ rows: 5, cols: 6 });
  });

  test('passes on nothing that is no signal', () => {
    const [signals, end] = pipe();
    closeLater(signals, end);
    writeSync(end, bytes('\0\x7f'));
    const child = start();
    child.finish();
    expect(waitForwarding(child, { ...OTHERS, signals })).toEqual({ code: 0 });
  });

  test('refuses descriptors that are none', () => {
    const child = start();
    expect(() => waitForwarding(child, { ...OTHERS, signals: 9999 })).toThrow(
      expect.objectContaining({ syscall: 'poll', code: 'EBADF' }),
    );
    child.finish();
    expect(waitForwarding(child, OTHERS)).toEqual({ code: 0 });
  });
});

function isThere({ pidfd }: Child): boolean {
  try {
    pidfdSendSignal(pidfd, 0);
    return true;
  } catch {
    return false;
  }
}
