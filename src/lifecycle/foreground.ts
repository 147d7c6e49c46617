import { closeFile } from '../syscalls/files.ts';
import { waitForwarding, waitForwardingAsync } from '../syscalls/signals.ts';
import type { Child } from '../syscalls/spawn.ts';
import type { RunStreams, SignalFeed } from './options.ts';
import { openTerminal, type TerminalSession } from './terminal.ts';

/** What a shell adds to the number of the signal that ended a program. */
const SIGNAL_BASE = 128;

/** What a `run` or an `exec` in the foreground does for its process: signals, the terminal, waiting. */
export class Foreground {
  readonly #streams: RunStreams;
  /** Keeps what comes before there is a program to pass it on to. */
  readonly #signals: SignalFeed | undefined;
  #process: Child | undefined;
  #terminal: TerminalSession | undefined;
  #relayed: Promise<void> | undefined;

  constructor(streams: RunStreams) {
    this.#streams = streams;
    this.#signals = streams.signals?.open();
  }

  /** Descriptors for the process, where it has no terminal. */
  get stdio(): [number, number, number] {
    const { input, output, error } = this.#streams;
    return [input, output, error];
  }

  /** Connects the caller's terminal with the master of that of the process, which is the callee's. */
  readonly takeTerminal = async (master: number): Promise<void> => {
    this.#terminal = openTerminal(master, this.#streams);
  };

  /** Takes the process, whose pidfd is the callee's from now on, and begins to copy what it prints. */
  adopt(process: Child): void {
    this.#process = process;
    this.#relayed = this.#terminal?.relay(process.pidfd);
  }

  /**
   * Once the program runs: gives it the signals that have come before, and every one that comes, waits for its end and
   * that of what it prints, and gives the caller's terminal back.
   *
   * @param reapsOthers whether other children of this process are reaped, which it has as a subreaper
   * @param hasOtherWork whether something else of this `run` needs the thread meanwhile
   * @returns its exit code, 128 + n where signal n ended it
   */
  async ended({ reapsOthers = false, hasOtherWork = false } = {}): Promise<number> {
    if (this.#process === undefined) throw new TypeError('no process was adopted');
    const forwarding = {
      signals: this.#signals?.descriptor,
      reapsOthers,
      terminal: this.#terminal?.descriptors,
    };
    const exit =
      this.#streams.mayBlock && !hasOtherWork
        ? waitForwarding(this.#process, forwarding)
        : await waitForwardingAsync(this.#process, forwarding);
    await this.#relayed;
    this.#terminal?.close();
    return 'code' in exit ? exit.code : SIGNAL_BASE + exit.signal;
  }

  /** Lets everything go, whatever has happened. */
  close(): void {
    this.#signals?.close();
    this.#terminal?.close();
    if (this.#process !== undefined) closeFile(this.#process.pidfd);
    this.#process = undefined;
  }
}
