import { closeSync } from 'node:fs';
import { RuntimeError } from '../error.ts';
import type { Spec } from '../spec/types.ts';
import { SyscallError } from '../syscalls/error.ts';
import { connectUnixStream, sendMessage } from '../syscalls/socket.ts';

const IN_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ECONNREFUSED: 'connection refused',
  ENOENT: 'no such file or directory',
  ENOTSOCK: 'it is no socket',
  EPROTOTYPE: 'it is a socket of another type',
};

/** Who takes the terminal's master. */
interface Taker {
  readonly consoleSocket?: string | undefined;
  readonly onTerminal?: unknown;
}

/**
 * Refuses a terminal that nobody would take, and a console socket that nothing would be sent to.
 *
 * @throws RuntimeError with runc's texts
 */
export function checkConsole({ process }: Spec, { consoleSocket, onTerminal }: Taker): void {
  const wantsTerminal = process?.terminal ?? false;
  if (wantsTerminal && consoleSocket === undefined && onTerminal === undefined) {
    throw new RuntimeError({
      operation: '',
      pointer: '/process/terminal',
      detail:
        'cannot allocate tty if runts will detach without setting console socket: give --console-socket, or set it to false',
    });
  }
  if (consoleSocket !== undefined && (!wantsTerminal || onTerminal !== undefined)) {
    throw new RuntimeError({
      operation: '',
      detail: 'cannot use console socket if runts will not detach or allocate tty',
    });
  }
}

/**
 * Sends a terminal's master to whoever listens on the console socket (SCM_RIGHTS, unix(7)).
 *
 * @throws RuntimeError that names the socket
 */
export function sendTerminal(consoleSocket: string, master: number): void {
  try {
    const socket = connectUnixStream(consoleSocket);
    try {
      sendMessage(socket, Buffer.from('/dev/ptmx'), [master]);
    } finally {
      closeSync(socket);
    }
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    throw new RuntimeError({
      operation: `send the terminal to --console-socket ${consoleSocket}`,
      detail: `${IN_WORDS[cause.code] ?? `${cause.syscall}: ${cause.code}`}: does somebody listen there, on a stream socket?`,
      path: consoleSocket,
      code: cause.code,
      cause,
    });
  }
}
