/** Terminals, by way of Python: Node.js can neither receive a descriptor nor make a terminal. */
import { fileURLToPath } from 'node:url';
import { type Running, startPiped } from './runtime.ts';

const PYTHON = '/usr/bin/python3';

const program = (name: string): string =>
  fileURLToPath(new URL(`programs/${name}.py`, import.meta.url));

export interface TerminalReceiver {
  readonly socket: string;
  /** What came with the terminal. */
  readonly facts: Promise<{ name: string; descriptors: number; isatty: boolean }>;
  /** All that came out of the terminal, at its end. */
  readonly output: Promise<string>;
  readonly running: Running;
}

/**
 * Listens as an engine does behind --console-socket.
 *
 * @param socket path for the socket
 */
export async function startTerminalReceiver(socket: string): Promise<TerminalReceiver> {
  const running = startPiped([program('receive-terminal'), socket], {}, PYTHON);
  await running.stdout.until(/listening\n/);
  const first = running.stdout.until(/listening\n(.*)\n/);
  // Only who asks for the facts wants to hear that there are none.
  first.catch(() => {});
  return {
    socket,
    running,
    get facts() {
      return first.then(([, line = '']) => JSON.parse(line));
    },
    output: running.stdout.end.then((text) => text.replace(/^listening\n.*\n/, '')),
  };
}

/**
 * Runs a command on a terminal of its own.
 *
 * @returns pipes to and from the terminal; a line `\u0001resize ROWS COLUMNS` on stdin changes its size
 */
export const startOnTerminal = (command: readonly string[]): Running =>
  startPiped([program('on-terminal'), ...command], {}, PYTHON);
