import { SyscallError } from '../syscalls/error.ts';
import { closeFile } from '../syscalls/files.ts';
import {
  getTermios,
  getWindowSize,
  guardTerminal,
  makeRaw,
  relay,
  setTermios,
  setWindowSize,
} from '../syscalls/terminal.ts';

/** The caller's side of a container's terminal. */
export interface TerminalSession {
  /** Copies both ways until nobody has the container's terminal open, or the process of `pidfd` has ended. */
  relay(pidfd: number): Promise<void>;
  /** The caller's terminal, if it is one, and the master of the container's, which is to have the same size. */
  readonly descriptors: { readonly input: number; readonly master: number };
  /** Gives the caller's terminal its modes back and closes the master; a second call does nothing. */
  close(): void;
}

/**
 * Connects the caller's streams with the master of a container's terminal. Where the input is a terminal itself, it
 * passes every byte through until the session is closed; should this process be killed before, a guard process
 * restores it.
 *
 * @param master the session's from now on
 */
export function openTerminal(
  master: number,
  { input, output }: { readonly input: number; readonly output: number },
): TerminalSession {
  const saved = unlessNoTerminal(() => getTermios(input));
  const guard = saved === undefined ? undefined : guardTerminal(input, saved);
  if (saved !== undefined) unlessNoTerminal(() => makeRaw(input));
  unlessNoTerminal(() => setWindowSize(master, getWindowSize(input)));
  let isOpen = true;
  return {
    relay: (pidfd) => relay(master, { input, output, until: pidfd }),
    descriptors: { input, master },
    close() {
      if (!isOpen) return;
      isOpen = false;
      if (saved !== undefined) unlessNoTerminal(() => setTermios(input, saved));
      guard?.release();
      closeFile(master);
    },
  };
}

function unlessNoTerminal<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    // EIO: a terminal whose other side has hung up.
    if (error instanceof SyscallError && ['ENOTTY', 'EIO'].includes(error.code)) return undefined;
    throw error;
  }
}
