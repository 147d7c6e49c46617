import { readLink, readText } from '../syscalls/files.ts';

/** What tells one process from a later one with the same id, and a live one from a dead one. */
export interface ProcessFacts {
  /** In clock ticks after boot: field 22 of /proc/PID/stat, as text because it may exceed 2^53. */
  readonly startTime: string;
  /** Ended and perhaps not yet reaped by its parent. */
  readonly hasEnded: boolean;
}

/**
 * Looks a process up (proc_pid_stat(5)).
 *
 * @returns undefined where there is none with that id
 * @throws the error of the file system for anything else, such as a /proc that is not there
 */
export function readProcess(pid: number): ProcessFacts | undefined {
  const text = readOrGone(() => readText(`/proc/${pid}/stat`));
  return text === undefined ? undefined : parseStat(text);
}

/**
 * @param text of /proc/PID/stat
 * @returns what it says; the name of the program, which it chooses itself, cannot confuse it
 */
export function parseStat(text: string): ProcessFacts {
  // The name stands in parentheses and may contain any byte, parentheses and spaces too: the last one ends it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', threads = '', startTime = ''] = [fields[0], fields[17], fields[19]];
  // A first thread that has ended shows as a zombie while the others of its process go on.
  const hasEnded = state === 'X' || state === 'x' || (state === 'Z' && Number(threads) <= 1);
  return { startTime, hasEnded };
}

/**
 * @returns what /proc/PID/exe points to; undefined where there is no such process, it has ended, or it may not be
 *   looked at
 */
export function readExecutable(pid: number): string | undefined {
  return readOrGone(() => readLink(`/proc/${pid}/exe`), 'EACCES');
}

function readOrGone<T>(read: () => T, ...tolerated: string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // ENOENT: no such id. ESRCH: it ended between opening and reading.
    if (['ENOENT', 'ESRCH', ...tolerated].some((name) => name === code)) return undefined;
    throw error;
  }
}

/** What /proc/PID/exe says while the init helper runs, see `spawnHelper`. */
export const HELPER = '/memfd:runts-init (deleted)';

/** What the helper calls itself until execve gives the process the name of the program. */
const INIT_NAME = 'runts:[2:INIT]';

/**
 * Tells, after init has closed its channel, whether it did so by execve or by dying. In execve the executable changes
 * before descriptors are closed, and the name after; in exit the executable goes first.
 *
 * @returns true also for a process that has been reaped already: that tells nothing, and most of them did run
 */
export function isProgramReached(pid: number): boolean {
  const executable = readExecutable(pid);
  if (executable !== undefined) return executable !== HELPER;
  const text = readOrGone(() => readText(`/proc/${pid}/stat`));
  return text === undefined || !text.includes(`(${INIT_NAME})`);
}
