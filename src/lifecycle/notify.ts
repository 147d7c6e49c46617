import { decodeText, encodeText } from '../bytes.ts';
import { RuntimeError } from '../error.ts';
import { join } from '../path.ts';
import { SyscallError } from '../syscalls/error.ts';
import {
  changeMode,
  closeFile,
  exists,
  makeDirectory,
  openFile,
  removeFile,
} from '../syscalls/files.ts';
import {
  bindUnixDatagram,
  connectUnixDatagram,
  receiveMessageAsync,
  sendMessage,
  shutdownSocket,
  socketpair,
} from '../syscalls/socket.ts';
import type { InitProcess } from './init-process.ts';

const NAME = 'notify.sock';
/** systemd takes no more in one message either. */
const MOST_BYTES = 4096;
/** How long the caller may take to read what was sent; then it is believed to have no barriers (sd_notify(3)). */
const BARRIER_MS = 30_000;

/** A container's notifications on their way to whoever started the runtime as a service of type "notify". */
export interface NotifyProxy {
  /**
   * Waits until the container says that it is ready, and passes that on with the pid of its process. Nothing else that
   * it says is: the caller would believe it.
   *
   * @param pid that the caller is told as the service's main process
   * @returns also where the container has ended without a word
   */
  passReadiness(init: InitProcess, pid: number): Promise<void>;
  close(): void;
}

/** Makes the directory that the container will see, before there is a socket in it. */
export function makeNotifyDirectory(directory: string): void {
  makeDirectory(directory, 0o755);
}

/**
 * Receives notifications from now on.
 *
 * @param directory which {@link makeNotifyDirectory} has made; undefined is returned where `create` did not ask for it
 * @param socket of the caller: a path, or an abstract name behind an @
 * @throws RuntimeError where the caller's socket cannot be reached
 */
export function openNotifyProxy(directory: string, socket: string): NotifyProxy | undefined {
  if (!exists(directory)) return undefined;
  const client = connectToCaller(socket);
  let server: number;
  try {
    server = bindIn(directory);
  } catch (error) {
    closeFile(client);
    throw error;
  }
  let isOpen = true;
  return {
    async passReadiness(init, pid) {
      // The end of the container ends the reception.
      let hasEnded = false;
      const ended = init.ended(-1).then(() => {
        hasEnded = true;
        // The number may be that of another descriptor by now.
        if (isOpen) shutdownSocket(server);
      });
      ended.catch(() => {});
      while (!(await saysReady(server))) if (hasEnded) return;
      const message = encodeText(`MAINPID=${pid}\nREADY=1`);
      sendMessage(client, message);
      await passBarrier(client);
    },
    close() {
      isOpen = false;
      closeFile(client);
      closeFile(server);
    },
  };
}

function connectToCaller(path: string): number {
  try {
    return connectUnixDatagram(path);
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    const detail = `${cause.syscall}: ${cause.code}: does somebody listen there?`;
    const operation = `reach the socket of NOTIFY_SOCKET, ${path}`;
    throw new RuntimeError({ operation, detail, path, code: cause.code, cause });
  }
}

function bindIn(directory: string): number {
  const path = join(directory, NAME);
  // Of a start that was killed.
  removeFile(path);
  const descriptor = openFile(directory);
  try {
    const server = bindUnixDatagram(descriptor, NAME);
    // Whatever user the program runs as.
    changeMode(path, 0o777);
    return server;
  } finally {
    closeFile(descriptor);
  }
}

async function saysReady(server: number): Promise<boolean> {
  try {
    const message = await receiveMessageAsync(server, MOST_BYTES, 0);
    return message !== null && decodeText(message.data).split('\n').includes('READY=1');
  } catch (error) {
    // Too long, or with descriptors: nothing that says "ready" only.
    if (error instanceof SyscallError && error.code === 'EMSGSIZE') return false;
    throw error;
  }
}

/** The caller closes the descriptor when it has read all before it: only then may this process end. */
async function passBarrier(client: number): Promise<void> {
  const [ours, theirs] = socketpair();
  try {
    sendMessage(client, encodeText('BARRIER=1'), [theirs]);
  } finally {
    closeFile(theirs);
  }
  const late = setTimeout(() => shutdownSocket(ours), BARRIER_MS);
  await receiveMessageAsync(ours, 1, 0);
  clearTimeout(late);
  closeFile(ours);
}
