import { closeSync } from 'node:fs';
import { SyscallError } from '../syscalls/error.ts';
import type { Child } from '../syscalls/spawn.ts';
import { pidfdSendSignal, waitExitAsync } from '../syscalls/wait.ts';
import { createContainer, makeContainer } from './create.ts';
import { deleteContainer } from './delete.ts';
import type { Context, RunOptions, RunStreams } from './options.ts';
import { startContainer } from './start.ts';
import { openTerminal, type TerminalSession } from './terminal.ts';

/** SIGWINCH of signal(7): the caller's terminal has another size. */
const SIGWINCH = 28;
/** What a shell adds to the number of the signal that ended a program. */
const SIGNAL_BASE = 128;

/**
 * Creates and starts a container: `run`. In the foreground it passes signals on, relays the terminal, waits for the
 * program, and deletes the container.
 *
 * @returns the exit code of the program, 128 + n where signal n ended it, or 0 when detached
 * @throws RuntimeError, SpecError: whatever failed before the program ran; of the container nothing is left then
 */
export async function runContainer(
  context: Context,
  options: RunOptions,
  streams: RunStreams,
): Promise<number> {
  if (options.detach) {
    await createContainer(context, options);
    await startOrDelete(context, options.id);
    return 0;
  }
  const foreground = new Foreground(streams);
  try {
    return await foreground.run(context, options);
  } finally {
    foreground.close();
  }
}

async function startOrDelete(context: Context, id: string): Promise<void> {
  try {
    await startContainer(context, id);
  } catch (error) {
    await deleteContainer(context, { id, force: true });
    throw error;
  }
}

class Foreground {
  readonly #streams: RunStreams;
  readonly #unsubscribe: () => void;
  /** Signals that came before there was somebody to pass them on to. */
  #early: number[] | undefined = [];
  #init: Child | undefined;
  #terminal: TerminalSession | undefined;

  constructor(streams: RunStreams) {
    this.#streams = streams;
    this.#unsubscribe = streams.signals.subscribe((signal) => this.#handle(signal));
  }

  async run(context: Context, options: RunOptions): Promise<number> {
    const { input, output, error } = this.#streams;
    const init = await makeContainer(context, {
      ...options,
      stdio: [input, output, error],
      onTerminal: async (master) => {
        this.#terminal = openTerminal(master, this.#streams);
      },
    });
    this.#init = init;
    const relayed = this.#terminal?.relay(init.pidfd);
    await startOrDelete(context, options.id);
    for (const signal of this.#early ?? []) this.#forward(signal);
    this.#early = undefined;
    const exit = await waitExitAsync(init.pidfd);
    await relayed;
    this.#terminal?.close();
    if (!options.keep) await deleteContainer(context, { id: options.id, force: true });
    return 'code' in exit ? exit.code : SIGNAL_BASE + exit.signal;
  }

  close(): void {
    this.#unsubscribe();
    this.#terminal?.close();
    if (this.#init !== undefined) closeSync(this.#init.pidfd);
    this.#init = undefined;
  }

  #handle(signal: number): void {
    if (signal === SIGWINCH && this.#terminal !== undefined) this.#terminal.resize();
    else if (this.#early !== undefined) this.#early.push(signal);
    else this.#forward(signal);
  }

  #forward(signal: number): void {
    try {
      if (this.#init !== undefined) pidfdSendSignal(this.#init.pidfd, signal);
    } catch (error) {
      // It has just ended: the signal came too late, as it does to any process.
      if (!(error instanceof SyscallError) || error.code !== 'ESRCH') throw error;
    }
  }
}
