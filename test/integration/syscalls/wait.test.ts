import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { spawnHelper } from '../../../src/syscalls/spawn.ts';
import {
  pidfdOpen,
  pidfdSendSignal,
  pollExit,
  pollExitAsync,
  setSubreaper,
  waitExit,
  waitExitAsync,
} from '../../../src/syscalls/wait.ts';
import { close, closeLater, pair } from './support.ts';

const { SIGKILL, SIGTERM } = constants.signals;

/** A child that waits until it is told to end. */
function start() {
  const [ours, theirs] = pair();
  const child = spawnHelper([theirs, theirs, theirs], theirs, 'runts:[test]');
  close(theirs);
  closeLater(child.pidfd);
  return { ...child, finish: () => close(ours) };
}

describe('waitExit', () => {
  test('returns the exit code and reaps', () => {
    const { pid, pidfd, finish } = start();
    finish();
    expect(waitExit(pidfd)).toEqual({ code: 0 });
    expect(() => readFileSync(`/proc/${pid}/stat`)).toThrow(/ENOENT/);
    expect(() => waitExit(pidfd)).toThrow(
      expect.objectContaining({ syscall: 'waitid', code: 'ECHILD' }),
    );
  });

  test('returns the signal', () => {
    for (const signal of [SIGTERM, SIGKILL]) {
      const { pidfd } = start();
      pidfdSendSignal(pidfd, signal);
      expect(waitExit(pidfd)).toEqual({ signal });
    }
  });

  test('waits for many at once without blocking, more than Node.js has threads for', async () => {
    const children = Array.from({ length: 30 }, start);
    const exits = children.map(({ pidfd }) => waitExitAsync(pidfd));
    for (const { pidfd } of children.toReversed()) pidfdSendSignal(pidfd, SIGTERM);
    expect(await Promise.all(exits)).toEqual(children.map(() => ({ signal: SIGTERM })));
  });

  test('and child processes of Node.js do not take each other’s children', async () => {
    const { pidfd, finish } = start();
    const exit = waitExitAsync(pidfd);
    const other = spawn('sh', ['-c', 'exit 7']);
    expect(await once(other, 'exit')).toEqual([7, null]);
    finish();
    expect(await exit).toEqual({ code: 0 });
  });

  test('rejects for a process that is no child', async () => {
    const pidfd = pidfdOpen(process.ppid);
    closeLater(pidfd);
    await expect(waitExitAsync(pidfd)).rejects.toMatchObject({ code: 'ECHILD' });
  });
});

describe('pollExit', () => {
  test('tells within its time whether a process runs, and reaps nothing', () => {
    const { pidfd, finish } = start();
    expect(pollExit(pidfd, 0)).toBe(false);
    expect(pollExit(pidfd, 20)).toBe(false);
    finish();
    expect(pollExit(pidfd, -1)).toBe(true);
    expect(pollExit(pidfd, 0)).toBe(true);
    expect(waitExit(pidfd)).toEqual({ code: 0 });
  });

  test('waits without blocking', async () => {
    const { pidfd, finish } = start();
    expect(await pollExitAsync(pidfd, 10)).toBe(false);
    const ended = pollExitAsync(pidfd, -1);
    finish();
    expect(await ended).toBe(true);
    waitExit(pidfd);
  });

  test('refuses a descriptor that is none', () => {
    expect(() => pollExit(9999, 0)).toThrow(
      expect.objectContaining({ syscall: 'poll', code: 'EBADF' }),
    );
  });
});

describe('a pidfd', () => {
  test('of a process that is gone is ESRCH', () => {
    const { pid, pidfd, finish } = start();
    finish();
    waitExit(pidfd);
    expect(() => pidfdOpen(pid)).toThrow(
      expect.objectContaining({ syscall: 'pidfd_open', code: 'ESRCH' }),
    );
    expect(() => pidfdSendSignal(pidfd, SIGTERM)).toThrow(
      expect.objectContaining({ syscall: 'pidfd_send_signal', code: 'ESRCH' }),
    );
  });

  test('with signal 0 asks and does nothing', () => {
    const { pidfd, finish } = start();
    pidfdSendSignal(pidfd, 0);
    expect(pollExit(pidfd, 0)).toBe(false);
    finish();
    waitExit(pidfd);
  });

  test('takes no signal that does not exist', () => {
    expect(() => pidfdSendSignal(3, 65)).toThrow(TypeError);
    expect(() => pidfdOpen(0)).toThrow(TypeError);
  });
});

test('a subreaper becomes the parent of orphans', () => {
  setSubreaper(true);
  onTestFinished(() => setSubreaper(false));
  const orphan = Number(execFileSync('sh', ['-c', 'sleep 100 >/dev/null 2>&1 & echo $!']));
  const pidfd = pidfdOpen(orphan);
  closeLater(pidfd);
  expect(readFileSync(`/proc/${orphan}/status`, 'utf8')).toMatch(`PPid:\t${process.pid}\n`);
  pidfdSendSignal(pidfd, SIGKILL);
  expect(waitExit(pidfd)).toEqual({ signal: SIGKILL });
});
