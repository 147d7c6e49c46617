import type { NativeMessage } from './binding.ts';
import { checkDescriptor, checkRange, checkText } from './check.ts';
import { native } from './native.ts';

/** One message of a socket: bytes and the descriptors that came with them, which the receiver owns. */
export interface Message {
  readonly data: Uint8Array;
  readonly fds: number[];
}

/** SCM_MAX_FD: the kernel puts no more descriptors into one message (unix(7)). */
const MOST_DESCRIPTORS = 253;

/** Largest message that a caller may ask room for. */
const MOST_BYTES = 1 << 26;

/** No descriptor. */
const NOTHING = -1;

/**
 * Makes two connected AF_UNIX sockets of type SOCK_SEQPACKET, close-on-exec (socketpair(2)).
 *
 * @throws SyscallError `socketpair`.
 */
export function socketpair(): [number, number] {
  return native.socketpair();
}

/**
 * Ends both directions of a socket; a reception that waits on it comes back with the end of file (shutdown(2)).
 *
 * @throws SyscallError `shutdown`.
 */
export function shutdownSocket(socket: number): void {
  native.shutdownSocket(checkDescriptor(socket));
}

/**
 * Sends one message with up to 253 descriptors; a closed peer is EPIPE and no SIGPIPE (sendmsg(2), unix(7)).
 *
 * @throws SyscallError `sendmsg`.
 */
export function sendMessage(socket: number, data: Uint8Array, fds: readonly number[] = []): void {
  if (data.byteLength === 0) {
    throw new TypeError('data: an empty message would be taken for the end of file');
  }
  checkRange(fds.length, 'number of descriptors', 0, MOST_DESCRIPTORS);
  const descriptors = new Int32Array(fds.length);
  for (let index = 0; index < fds.length; index++) {
    descriptors[index] = checkDescriptor(fds[index] as number);
  }
  native.sendMessage(checkDescriptor(socket), data, descriptors);
}

/**
 * Waits for one message, blocking the thread. Received descriptors are close-on-exec.
 *
 * @returns null at the end of file.
 * @throws SyscallError `recvmsg`; EMSGSIZE for a message of more bytes or descriptors than allowed, whose descriptors
 *   are closed.
 */
export function receiveMessage(socket: number, maxBytes: number, maxFds: number): Message | null {
  return shape(native.receiveMessage(...receptionArguments(socket, maxBytes, maxFds)));
}

/**
 * Like {@link receiveMessage}, without blocking: a thread of its own waits. The descriptor must stay open until the
 * promise is settled; {@link shutdownSocket} settles it.
 */
export async function receiveMessageAsync(
  socket: number,
  maxBytes: number,
  maxFds: number,
): Promise<Message | null> {
  return shape(await native.receiveMessageAsync(...receptionArguments(socket, maxBytes, maxFds)));
}

/**
 * Waits on this thread until a message or the end of file is there, or time is up (poll(2)).
 *
 * @returns whether {@link receiveMessage} would return at once
 * @throws SyscallError `poll`
 */
export function hasMessage(socket: number, timeoutMs: number): boolean {
  return native.pollExit(checkDescriptor(socket), timeoutMs, NOTHING);
}

/**
 * Makes a listening SOCK_SEQPACKET socket `name` in the directory open as `directory`, so that the length of the
 * directory's path doesn't matter.
 *
 * @throws SyscallError `socket`, `bind`, `listen`.
 */
export function listenUnix(directory: number, name: string): number {
  return native.listenUnix(checkDescriptor(directory), checkText(name, 'name'));
}

/**
 * Waits for a connection, blocking the thread (accept4(2)).
 *
 * @throws SyscallError `accept4`.
 */
export function acceptUnix(socket: number): number {
  return native.acceptUnix(checkDescriptor(socket));
}

/**
 * Connects to the SOCK_SEQPACKET socket `name` in the directory open as `directory`.
 *
 * @throws SyscallError `socket`, `connect` (ENOENT: no such socket; ECONNREFUSED: nobody listens).
 */
export function connectUnix(directory: number, name: string): number {
  return native.connectUnix(checkDescriptor(directory), checkText(name, 'name'));
}

/**
 * Makes a SOCK_DGRAM socket `name` in the directory open as `directory`, for {@link receiveMessageAsync}: an empty
 * datagram looks like an end of file there.
 *
 * @throws SyscallError `socket`, `bind`.
 */
export function bindUnixDatagram(directory: number, name: string): number {
  return native.bindUnixDatagram(checkDescriptor(directory), checkText(name, 'name'));
}

/**
 * Connects to the datagram socket at `path`, however long the path is, or to the abstract one whose name follows an @.
 *
 * @throws SyscallError `open`, `socket`, `connect`.
 */
export function connectUnixDatagram(path: string): number {
  return native.connectUnixDatagram(checkText(path, 'path'));
}

/**
 * Connects to the stream socket at `path`, however long the path is.
 *
 * @throws SyscallError `open`, `socket`, `connect`.
 */
export function connectUnixStream(path: string): number {
  return native.connectUnixStream(checkText(path, 'path'));
}

function receptionArguments(
  socket: number,
  maxBytes: number,
  maxFds: number,
): [number, number, number] {
  return [
    checkDescriptor(socket),
    checkRange(maxBytes, 'maxBytes', 1, MOST_BYTES),
    checkRange(maxFds, 'maxFds', 0, MOST_DESCRIPTORS),
  ];
}

function shape(message: NativeMessage): Message | null {
  return message === null ? null : { data: message[0], fds: message[1] };
}
