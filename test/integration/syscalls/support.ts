import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { receiveMessage, socketpair } from '../../../src/syscalls/socket.ts';

/** Closes descriptors at the end of the test, those that it has not closed by then. */
export function closeLater(...descriptors: number[]): void {
  onTestFinished(() => {
    for (const descriptor of descriptors) close(descriptor);
  });
}

export function close(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBADF') throw error;
  }
}

export function pair(): [number, number] {
  const sockets = socketpair();
  closeLater(...sockets);
  return sockets;
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'runts-test-syscalls-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

export const openDescriptors = (pid: number | 'self' = 'self'): string[] =>
  readdirSync(`/proc/${pid}/fd`);

export const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A pair of terminal ends. Node has no call for that; Python has, and it also speaks unix(7) as others do. */
export async function openTerminal(): Promise<{ master: number; slave: number }> {
  const [ours, theirs] = pair();
  const script = [
    'import os, socket',
    's = socket.socket(fileno=3)',
    'm, t = os.openpty()',
    'socket.send_fds(s, [b"pty"], [m, t])',
  ].join('\n');
  const python = spawn('python3', ['-c', script], {
    stdio: ['ignore', 'ignore', 'inherit', theirs],
  });
  const [code] = await once(python, 'exit');
  if (code !== 0) throw new Error(`python3 exited with ${code}`);
  const message = receiveMessage(ours, 16, 2);
  const [master, slave] = message?.fds ?? [];
  if (master === undefined || slave === undefined) throw new Error('there is no terminal');
  closeLater(master, slave);
  return { master, slave };
}

/** Runs a program on the terminal; killed at the end of the test if it still runs. */
export function runOn(slave: number, script: string): ChildProcess & { pid: number } {
  const child = spawn('sh', ['-c', script], { stdio: [slave, slave, slave] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { pid } = child;
  if (pid === undefined) throw new Error('sh cannot be started');
  return Object.assign(child, { pid });
}
