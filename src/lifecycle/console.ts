import { encodeText } from '../bytes.ts';
import { RuntimeError } from '../error.ts';
import type { Spec } from '../spec/types.ts';
import { SyscallError } from '../syscalls/error.ts';
import { closeFile } from '../syscalls/files.ts';
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
function sendTerminal(consoleSocket: string, master: number): void {
  const operation = `send the terminal to --console-socket ${consoleSocket}`;
  sendDescriptor(operation, consoleSocket, '/dev/ptmx', master);
}

/**
 * Hands a terminal's master, which is ours, to the console socket.
 *
 * @param consoleSocket given where there is a terminal, or {@link checkConsole} and `exec` would have refused it
 * @throws RuntimeError that names the socket
 */
export function handOverTerminal(consoleSocket: string | undefined, master: number): void {
  try {
    if (consoleSocket === undefined) throw new TypeError('a terminal that nobody takes');
    sendTerminal(consoleSocket, master);
  } finally {
    closeFile(master);
  }
}

/**
 * Sends the pidfd of a process to whoever listens on the pidfd socket (SCM_RIGHTS, unix(7)).
 *
 * @throws RuntimeError that names the socket
 */
export function sendPidfd(pidfdSocket: string, pidfd: number): void {
  const operation = `send the pidfd to --pidfd-socket ${pidfdSocket}`;
  sendDescriptor(operation, pidfdSocket, 'pidfd', pidfd);
}

function sendDescriptor(operation: string, path: string, name: string, descriptor: number): void {
  try {
    const socket = connectUnixStream(path);
    try {
      sendMessage(socket, encodeText(name), [descriptor]);
    } finally {
      closeFile(socket);
    }
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    const { syscall, code } = cause;
    const words = IN_WORDS[code] ?? `${syscall}: ${code}`;
    const detail = `${words}: does somebody listen there, on a stream socket?`;
    throw new RuntimeError({ operation, detail, path, code, cause });
  }
}
