import { checkDescriptor, checkRange } from './check.ts';
import { native } from './native.ts';
import type { Child } from './spawn.ts';
import { type Exit, exitOf, LAST_SIGNAL } from './wait.ts';

/** The signals that come to this process, from {@link noteSignals}. */
export interface SignalNotes {
  /** Gives a byte for every signal, its number, and does not block; close-on-exec. */
  readonly descriptor: number;
  /** Ends it: signals do again what they did before. A second call does nothing. */
  close(): void;
}

/** What a {@link waitForwarding} does meanwhile. */
export interface Forwarding {
  /** A descriptor that gives a byte for every signal that is to be passed on: its number. */
  readonly signals?: number | undefined;
  /**
   * Whether every other child of this process that ends meanwhile is reaped: what a subreaper has to do. Nobody else in
   * the process may be waiting for a child.
   */
  readonly reapsOthers: boolean;
  /** SIGWINCH is not passed on, but gives the terminal of `master` the size of `input`, where that is one. */
  readonly terminal?: { readonly input: number; readonly master: number } | undefined;
}

const NONE = -1;

/**
 * Notes every signal that comes to this process from now on, but for `except`, until it is read; also those that were
 * ignored. It may be called several times: each gets them all. Handlers that were installed by way of Node.js
 * go on to be called.
 *
 * SIGTTIN and SIGTTOU are noted where somebody sends them; those of the terminal itself stop the process as ever.
 *
 * @param except numbers of signals that are left alone
 * @throws SyscallError `pipe2`
 */
export function noteSignals(except: readonly number[]): SignalNotes {
  for (const signal of except) checkRange(signal, 'signal', 1, LAST_SIGNAL);
  const descriptor = native.noteSignals(new Uint8Array(except));
  let isOpen = true;
  return {
    descriptor,
    close() {
      if (isOpen) native.forgetSignals(descriptor);
      isOpen = false;
    },
  };
}

/**
 * Waits until a child of this process ends, and reaps it; passes signals on to it meanwhile. Blocks the thread.
 *
 * @throws SyscallError `waitid`, `poll`, `read`, `pthread_create`; ECHILD for a process that is no child or was reaped
 */
export function waitForwarding(child: Child, forwarding: Forwarding): Exit {
  return exitOf(native.waitForwarding(...argumentsOf(child, forwarding)));
}

/** Like {@link waitForwarding}, without blocking: a thread of its own waits. */
export async function waitForwardingAsync(child: Child, forwarding: Forwarding): Promise<Exit> {
  return exitOf(await native.waitForwardingAsync(...argumentsOf(child, forwarding)));
}

function argumentsOf({ pid, pidfd }: Child, { signals, reapsOthers, terminal }: Forwarding) {
  return [
    checkDescriptor(pidfd, 'pidfd'),
    pid,
    reapsOthers,
    signals === undefined ? NONE : checkDescriptor(signals, 'signals'),
    terminal === undefined ? NONE : checkDescriptor(terminal.input, 'input'),
    terminal === undefined ? NONE : checkDescriptor(terminal.master, 'master'),
  ] as const;
}
