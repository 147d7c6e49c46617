import { RuntimeError } from '../../error.ts';
import { closeFile } from '../../syscalls/files.ts';
import { pidfdOpen, pidfdSendSignal, pollExit, pollExitAsync } from '../../syscalls/wait.ts';
import { codeOf, inWords } from '../errno.ts';

/** Lists the processes that are in the cgroups now. */
export type ListProcesses = () => number[];

/** Descriptors open at a time: a container may have more processes than this process may have files. */
const BATCH = 256;

/**
 * Sends a signal to every process of a cgroup, each by a descriptor, so that none outside is hit when a pid is used
 * again: the descriptors are opened first, then the pids are listed once more, and only those still in the cgroup
 * get the signal. A descriptor of a process that ended between gives ESRCH and no harm.
 *
 * @param list called until it shows nothing new, as processes fork meanwhile; freeze them to make it once
 * @returns pids of those that got it
 * @throws RuntimeError
 */
export function signalProcesses(list: ListProcesses, signal: number): Set<number> {
  const seen = new Set<number>();
  const reached = new Set<number>();
  for (;;) {
    const fresh = list().filter((pid) => !seen.has(pid));
    if (fresh.length === 0) return reached;
    for (let start = 0; start < fresh.length; start += BATCH) {
      const opened = openProcesses(fresh.slice(start, start + BATCH));
      try {
        const present = new Set(list());
        for (const [pid, pidfd] of opened) {
          if (present.has(pid) && send(pid, pidfd, signal)) reached.add(pid);
        }
      } finally {
        closeAll(opened);
      }
    }
    for (const pid of fresh) seen.add(pid);
  }
}

/**
 * Waits until processes have ended, at most for a time, by the event that each pidfd gives. Of very many, it waits
 * for some: list again until there are none.
 *
 * @returns whether they have
 */
export async function waitForExits(pids: Iterable<number>, timeoutMs: number): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  const opened = openProcesses([...pids].slice(0, BATCH));
  try {
    for (const pidfd of opened.values()) {
      // Most have ended by the time that they are looked at: no thread is started for those.
      if (pollExit(pidfd, 0)) continue;
      if (!(await pollExitAsync(pidfd, Math.max(0, until - Date.now())))) return false;
    }
    return true;
  } finally {
    closeAll(opened);
  }
}

/** Those that ended meanwhile are left out. @throws RuntimeError, with none left open */
function openProcesses(pids: readonly number[]): Map<number, number> {
  const opened = new Map<number, number>();
  refuseSelf(pids);
  try {
    for (const pid of pids) {
      // A process of another pid namespace is listed as 0: it can't be named from here.
      if (pid === 0 || opened.has(pid)) continue;
      const pidfd = tryOpen(pid);
      if (pidfd !== undefined) opened.set(pid, pidfd);
    }
    return opened;
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

function closeAll(descriptors: ReadonlyMap<number, number>): void {
  for (const pidfd of descriptors.values()) closeFile(pidfd);
}

/**
 * A runtime that runs inside of the container's cgroup would kill itself, or freeze for ever.
 *
 * @throws RuntimeError
 */
export function refuseSelf(pids: readonly number[]): void {
  if (!pids.includes(process.pid)) return;
  throw new RuntimeError({
    operation: "signal or freeze the container's processes",
    detail: "the runtime itself is in the container's cgroup: call it from outside",
  });
}

/** ESRCH: it has ended; EINVAL: it is a thread by now. */
function tryOpen(pid: number): number | undefined {
  try {
    return pidfdOpen(pid);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ESRCH' || code === 'EINVAL' || code === 'ENOENT') return undefined;
    throw signalError(`open process ${pid}`, error);
  }
}

function send(pid: number, pidfd: number, signal: number): boolean {
  try {
    pidfdSendSignal(pidfd, signal);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    throw signalError(`send signal ${signal} to process ${pid}`, error);
  }
}

function signalError(operation: string, cause: unknown): RuntimeError {
  const code = codeOf(cause);
  return new RuntimeError({ operation, detail: inWords(code), code, cause });
}
