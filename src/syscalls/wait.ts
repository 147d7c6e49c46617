import { checkDescriptor, checkRange } from './check.ts';
import { native } from './native.ts';

/** How a process ended. */
export type Exit = { readonly code: number } | { readonly signal: number };

/** No descriptor. */
const NOTHING = -1;

/** The highest signal number of Linux (signal(7)). */
export const LAST_SIGNAL = 64;

/**
 * Opens a process by its id, close-on-exec (pidfd_open(2)).
 *
 * @throws SyscallError `pidfd_open`; ESRCH where there is none.
 */
export function pidfdOpen(pid: number): number {
  return native.pidfdOpen(checkRange(pid, 'pid', 1, 0x7fffffff));
}

/**
 * Sends a signal, or with 0 only asks whether one could be sent (pidfd_send_signal(2)).
 *
 * @throws SyscallError `pidfd_send_signal`; ESRCH where the process has ended and was reaped.
 */
export function pidfdSendSignal(pidfd: number, signal: number): void {
  native.pidfdSendSignal(checkDescriptor(pidfd), checkRange(signal, 'signal', 0, LAST_SIGNAL));
}

/**
 * Waits until a child of this process ends, and reaps it, blocking the thread (waitid(2), P_PIDFD).
 *
 * @throws SyscallError `waitid`; ECHILD for a process that is no child or was reaped.
 */
export function waitExit(pidfd: number): Exit {
  return exitOf(native.waitExit(checkDescriptor(pidfd)));
}

/** Like {@link waitExit}, without blocking: a thread of its own waits. */
export async function waitExitAsync(pidfd: number): Promise<Exit> {
  return exitOf(await native.waitExitAsync(checkDescriptor(pidfd)));
}

/**
 * Waits until any process ends or time is up, blocking the thread, and reaps nothing (poll(2)).
 *
 * @param timeoutMs -1 waits for ever.
 * @returns whether it has ended (a zombie has).
 * @throws SyscallError `poll`.
 */
export function pollExit(pidfd: number, timeoutMs: number): boolean {
  return native.pollExit(checkDescriptor(pidfd), checkTimeout(timeoutMs), NOTHING);
}

/**
 * Like {@link pollExit}, without blocking: a thread of its own waits.
 *
 * @param cancel a descriptor that ends the wait when it becomes readable.
 */
export async function pollExitAsync(
  pidfd: number,
  timeoutMs: number,
  cancel?: number,
): Promise<boolean> {
  const canceller = cancel === undefined ? NOTHING : checkDescriptor(cancel);
  return native.pollExitAsync(checkDescriptor(pidfd), checkTimeout(timeoutMs), canceller);
}

/**
 * Makes this process the parent of its descendants' orphans, or ends that (PR_SET_CHILD_SUBREAPER, prctl(2)).
 *
 * @throws SyscallError `prctl`.
 */
export function setSubreaper(on: boolean): void {
  native.setSubreaper(on);
}

function checkTimeout(timeoutMs: number): number {
  return checkRange(timeoutMs, 'timeoutMs', -1, 0x7fffffff);
}

/** @param status an exit code, or a signal as a negative number */
export function exitOf(status: number): Exit {
  return status < 0 ? { signal: -status } : { code: status };
}
