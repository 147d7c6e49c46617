/** Processes, seen through /proc; ends are waited for on a pidfd, never by looking again and again. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import process from 'node:process';
import { promisify } from 'node:util';

const PYTHON = '/usr/bin/python3';

const WAIT = `
import os, select, sys
try:
    fd = os.pidfd_open(int(sys.argv[1]))
except ProcessLookupError:
    sys.exit(0)
poll = select.poll()
poll.register(fd, select.POLLIN)
sys.exit(0 if poll.poll(int(sys.argv[2])) else 1)
`;

/**
 * @param pid of any process; one that is gone already is fine
 * @param limit milliseconds after which this gives up
 * @throws Error when the process has not ended by then
 */
export async function waitForEnd(pid: number, limit = 10_000): Promise<void> {
  try {
    await promisify(execFile)(PYTHON, ['-c', WAIT, String(pid), String(limit)]);
  } catch (cause) {
    throw new Error(`process ${pid} has not ended within ${limit} ms`, { cause });
  }
}

/** @returns the text of /proc/PID/<name> */
export const readProc = (pid: number, name: string): string =>
  readFileSync(`/proc/${pid}/${name}`, 'utf8');

/** @returns such as `mnt:[4026531841]` */
export const namespaceOf = (pid: number | 'self', type: string): string =>
  readlinkSync(`/proc/${pid}/ns/${type}`);

/** @returns value of one line of /proc/PID/status */
export function statusField(pid: number, name: string): string {
  const line = readProc(pid, 'status')
    .split('\n')
    .find((text) => text.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
  return line.slice(name.length + 1).trim();
}

/** @returns the pids of all processes that are not zombies */
export function livingProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isAlive(pid));
}

/** @returns false for a zombie and for a pid that is free */
export function isAlive(pid: number): boolean {
  try {
    const stat = readProc(pid, 'stat');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
