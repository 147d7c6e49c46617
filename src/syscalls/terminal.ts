import { checkDescriptor, checkRange } from './check.ts';
import { native } from './native.ts';

/** In characters. */
export interface WindowSize {
  readonly rows: number;
  readonly cols: number;
}

/** A process that waits for this one to end; see {@link guardTerminal}. */
export interface TerminalGuard {
  /** Ends the guard, which leaves the terminal alone; a second call does nothing. */
  release(): void;
}

/** Streams of a {@link relay}. */
export interface RelayOptions {
  /** Where the terminal's input comes from; nowhere if left out. */
  readonly input?: number;
  readonly output: number;
  /** A descriptor (such as the program's pidfd) that ends the relay when it becomes readable. */
  readonly until?: number;
}

const NONE = -1;
const MOST_CHARACTERS = 0xffff;

/**
 * Reads the modes of a terminal, opaque, for {@link setTermios} (tcgetattr(3)).
 *
 * @throws SyscallError `tcgetattr`; ENOTTY where it is none.
 */
export function getTermios(terminal: number): Uint8Array {
  return native.getTermios(checkDescriptor(terminal));
}

/**
 * Sets the modes of a terminal after what was written to it is printed (tcsetattr(3), TCSADRAIN).
 *
 * @throws SyscallError `tcsetattr`.
 */
export function setTermios(terminal: number, modes: Uint8Array): void {
  native.setTermios(checkDescriptor(terminal), modes);
}

/**
 * Makes a terminal pass every byte through, both ways (cfmakeraw(3)).
 *
 * @returns the modes before, for {@link setTermios}.
 * @throws SyscallError `tcgetattr`, `tcsetattr`.
 */
export function makeRaw(terminal: number): Uint8Array {
  return native.makeRaw(checkDescriptor(terminal));
}

/**
 * Sees to it that the terminal gets the modes `saved` back even if this process is killed: to be called before
 * {@link makeRaw}, and released after {@link setTermios} has put the terminal right.
 *
 * A child process, in its place when this returns, waits for this one to end. If that comes before the release, and
 * the terminal is still in the modes of {@link makeRaw}, it sets `saved`. No signal of the terminal reaches it.
 *
 * @throws SyscallError `socketpair`, `fcntl(F_DUPFD_CLOEXEC)`, `clone`, `guard`.
 */
export function guardTerminal(terminal: number, saved: Uint8Array): TerminalGuard {
  const [socket, pidfd] = native.guardTerminal(checkDescriptor(terminal), saved);
  let held = true;
  return {
    release() {
      if (held) {
        held = false;
        native.releaseTerminal(socket, pidfd);
      }
    },
  };
}

/**
 * Reads the size of a terminal (ioctl_tty(2)).
 *
 * @throws SyscallError `ioctl(TIOCGWINSZ)`; ENOTTY where it is no terminal.
 */
export function getWindowSize(terminal: number): WindowSize {
  const [rows, cols] = native.getWindowSize(checkDescriptor(terminal));
  return { rows, cols };
}

/**
 * Changes the size of a terminal; its foreground processes get SIGWINCH (ioctl_tty(2)).
 *
 * @throws SyscallError `ioctl(TIOCSWINSZ)`.
 */
export function setWindowSize(terminal: number, { rows, cols }: WindowSize): void {
  checkRange(rows, 'rows', 0, MOST_CHARACTERS);
  checkRange(cols, 'cols', 0, MOST_CHARACTERS);
  native.setWindowSize(checkDescriptor(terminal), rows, cols);
}

/**
 * Copies between a terminal's master and the caller's streams, on a thread of its own, until nobody has the terminal
 * open any more or `until` becomes readable; what was printed till then is copied. Makes the master non-blocking.
 * All descriptors must stay open until the promise is settled.
 *
 * @throws SyscallError `fcntl(F_SETFL)`, `poll`.
 */
export function relay(master: number, { input, output, until }: RelayOptions): Promise<void> {
  return native.relay(
    checkDescriptor(master, 'master'),
    input === undefined ? NONE : checkDescriptor(input, 'input'),
    checkDescriptor(output, 'output'),
    until === undefined ? NONE : checkDescriptor(until, 'until'),
  );
}
