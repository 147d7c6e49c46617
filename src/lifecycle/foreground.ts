import { SyscallError } from '../syscalls/error.ts';
import { closeFile } from '../syscalls/files.ts';
import type { Child } from '../syscalls/spawn.ts';
import { pidfdSendSignal, waitExitAsync, waitExitReapingAsync } from '../syscalls/wait.ts';
import type { RunStreams } from './options.ts';
import { openTerminal, type TerminalSession } from './terminal.ts';

/** SIGWINCH of signal(7): the caller's terminal has another size. */
const SIGWINCH = 28;
/** What a shell adds to the number of the signal that ended a program. */
const SIGNAL_BASE = 128;

/** What a `run` or an `exec` in the foreground does for its process: signals, the terminal, waiting. */
export class Foreground {
  readonly #streams: RunStreams;
  readonly #unsubscribe: () => void;
  /** Signals that came before there was a program to pass them on to. */
  #early: number[] | undefined = [];
  #process: Child | undefined;
  #terminal: TerminalSession | undefined;
  #relayed: Promise<void> | undefined;

  constructor(streams: RunStreams) {
    this.#streams = streams;
    this.#unsubscribe = streams.signals.subscribe((signal) => this.#handle(signal));
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

  /** The program runs: it gets the signals that have come before, and every one that comes. */
  passSignals(): void {
    for (const signal of this.#early ?? []) this.#forward(signal);
    this.#early = undefined;
  }

  /**
   * Waits for the end of the process and of what it prints, and gives the caller's terminal back.
   *
   * @param reapsOrphans whether other children of this process are reaped, which it has as a subreaper
   * @returns its exit code, 128 + n where signal n ended it
   */
  async ended(reapsOrphans = false): Promise<number> {
    if (this.#process === undefined) throw new TypeError('no process was adopted');
    const exit = await (reapsOrphans
      ? waitExitReapingAsync(this.#process)
      : waitExitAsync(this.#process.pidfd));
    await this.#relayed;
    this.#terminal?.close();
    return 'code' in exit ? exit.code : SIGNAL_BASE + exit.signal;
  }

  /** Lets everything go, whatever has happened. */
  close(): void {
    this.#unsubscribe();
    this.#terminal?.close();
    if (this.#process !== undefined) closeFile(this.#process.pidfd);
    this.#process = undefined;
  }

  #handle(signal: number): void {
    if (signal === SIGWINCH && this.#terminal !== undefined) this.#terminal.resize();
    else if (this.#early !== undefined) this.#early.push(signal);
    else this.#forward(signal);
  }

  #forward(signal: number): void {
    try {
      if (this.#process !== undefined) pidfdSendSignal(this.#process.pidfd, signal);
    } catch (error) {
      // It has just ended: the signal came too late, as it does to any process.
      if (!(error instanceof SyscallError) || error.code !== 'ESRCH') throw error;
    }
  }
}
