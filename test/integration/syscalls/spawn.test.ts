import { openSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { spawnHelper } from '../../../src/syscalls/spawn.ts';
import { pidfdSendSignal, waitExit } from '../../../src/syscalls/wait.ts';
import { close, closeLater, openDescriptors, pair } from './support.ts';

/** A helper that waits for its plan; it is made to end, and reaped, with the test. */
async function start(options: { stdio?: [number, number, number]; control?: number } = {}) {
  const [ours, theirs] = pair();
  const nothing = openSync('/dev/null', 'r+');
  const { stdio = [nothing, nothing, nothing], control = theirs } = options;
  const child = spawnHelper(stdio, control, 'runts:[test]');
  closeLater(child.pidfd, nothing);
  let reaped = false;
  const reap = () => {
    reaped = true;
    return waitExit(child.pidfd);
  };
  onTestFinished(() => {
    if (reaped) return;
    pidfdSendSignal(child.pidfd, 9);
    waitExit(child.pidfd);
  });
  close(theirs);
  await isExecuted(child.pid);
  return { ...child, ours, reap };
}

/**
 * The kernel lets the parent go on in the middle of execve (CLONE_VFORK of clone(2)), when hardly anything of the child
 * is new. Its name is what the helper sets itself, first of all.
 */
async function isExecuted(pid: number): Promise<void> {
  while (readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'runts:[1:OUTER]\n') {
    await new Promise(setImmediate);
  }
}

const statusOf = (pid: number): string => readFileSync(`/proc/${pid}/status`, 'utf8');

test('the helper is executed from memory, under the name that it is given', async () => {
  const { pid } = await start();
  expect(readlinkSync(`/proc/${pid}/exe`)).toBe('/memfd:runts-init (deleted)');
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe('runts:[test]\0');
});

test('nobody can change the memory that the helper is executed from', async () => {
  const { pid } = await start();
  expect(() => openSync(`/proc/${pid}/exe`, 'r+')).toThrow(/ETXTBSY|EPERM/);
});

test('the helper has an empty environment', async () => {
  const { pid } = await start();
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
});

test('the helper has four descriptors, and what this process keeps open is not among them', async () => {
  const kept = Array.from({ length: 20 }, () => openSync('/dev/zero', 'r'));
  closeLater(...kept);
  const { pid } = await start();
  expect(openDescriptors(pid)).toEqual(['0', '1', '2', '3']);
  expect(readlinkSync(`/proc/${pid}/fd/0`)).toBe('/dev/null');
  expect(readlinkSync(`/proc/${pid}/fd/3`)).toMatch(/^socket:/);
});

test('the descriptors may be any of this process, in any order', async () => {
  const zero = openSync('/dev/zero', 'r');
  const full = openSync('/dev/full', 'w');
  closeLater(zero, full);
  const [ours, theirs] = pair();
  // 2, 1 and 0 swap places with the control socket and the files.
  const { pid } = await start({ stdio: [full, 0, zero], control: theirs });
  close(theirs);
  expect(readlinkSync(`/proc/${pid}/fd/0`)).toBe('/dev/full');
  expect(readlinkSync(`/proc/${pid}/fd/1`)).toBe(readlinkSync('/proc/self/fd/0'));
  expect(readlinkSync(`/proc/${pid}/fd/2`)).toBe('/dev/zero');
  expect(readlinkSync(`/proc/${pid}/fd/3`)).not.toBe(readlinkSync(`/proc/self/fd/${ours}`));
});

test('no signal of the helper is ignored, caught or blocked, whatever this process does', async () => {
  const listener = () => undefined;
  process.on('SIGUSR2', listener);
  onTestFinished(() => void process.off('SIGUSR2', listener));
  const { pid } = await start();
  for (const set of ['SigBlk', 'SigIgn', 'SigCgt']) {
    expect(statusOf(pid)).toMatch(new RegExp(`^${set}:\\t0{16}$`, 'm'));
  }
});

test('a child without a plan ends by itself when the control socket is closed', async () => {
  const { ours, reap } = await start();
  close(ours);
  expect(reap()).toEqual({ code: 0 });
});

test('a failure names the call and leaves neither child nor descriptor behind', () => {
  const nothing = openSync('/dev/null', 'r');
  closeLater(nothing);
  const childrenOf = () => readFileSync('/proc/thread-self/children', 'utf8');
  const before = { fds: openDescriptors(), children: childrenOf() };
  expect(() => spawnHelper([nothing, nothing, nothing], 9999, 'runts:[test]')).toThrow(
    expect.objectContaining({ syscall: 'fcntl(F_DUPFD_CLOEXEC)', code: 'EBADF' }),
  );
  expect({ fds: openDescriptors(), children: childrenOf() }).toEqual(before);
});
