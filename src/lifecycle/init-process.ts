import { SyscallError } from '../syscalls/error.ts';
import { closeFile } from '../syscalls/files.ts';
import { pidfdOpen, pidfdSendSignal, pollExit, pollExitAsync } from '../syscalls/wait.ts';
import type { ContainerRecord } from './record.ts';
import { isInitAlive } from './status.ts';

/** A killed process ends within a millisecond or two, which is what another thread would need to come and go. */
const SOON_MS = 10;

/** Init of a container, held by a descriptor that no later process with its pid can get hold of. */
export interface InitProcess {
  /** Stays open until {@link InitProcess.close}. */
  readonly pidfd: number;
  /**
   * @returns whether it was still there
   * @throws SyscallError `pidfd_send_signal`, such as EPERM
   */
  signal(signal: number): boolean;
  /** Waits for its end. @returns false where time was up before */
  ended(timeoutMs: number): Promise<boolean>;
  close(): void;
}

/**
 * @returns undefined where it has ended
 * @throws SyscallError `pidfd_open`
 */
export function openInit(record: ContainerRecord): InitProcess | undefined {
  if (record.pid === 0) return undefined;
  const pidfd = unlessGone(() => pidfdOpen(record.pid));
  if (pidfd === undefined) return undefined;
  // Looked at after it was opened: if the start time is right now, then it was right when we opened it.
  if (!isInitAlive(record)) {
    closeFile(pidfd);
    return undefined;
  }
  return {
    pidfd,
    signal: (signal) =>
      unlessGone(() => {
        pidfdSendSignal(pidfd, signal);
        return true;
      }) ?? false,
    ended: async (timeoutMs) =>
      (timeoutMs > SOON_MS && pollExit(pidfd, SOON_MS)) || pollExitAsync(pidfd, timeoutMs),
    close: () => closeFile(pidfd),
  };
}

function unlessGone<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof SyscallError && error.code === 'ESRCH') return undefined;
    throw error;
  }
}
