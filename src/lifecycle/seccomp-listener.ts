import { encodeText } from '../bytes.ts';
import { RuntimeError } from '../error.ts';
import type { Spec } from '../spec/types.ts';
import { SyscallError } from '../syscalls/error.ts';
import { closeFile, readText } from '../syscalls/files.ts';
import { connectUnixStream, sendMessage } from '../syscalls/socket.ts';
import type { ContainerRecord } from './record.ts';
import { hookState } from './state.ts';

/**
 * Hands the descriptor of a seccomp filter that notifies to its agent (config-linux.md, "The Container Process
 * State").
 *
 * @param config path of the configuration as it was at create
 * @param listener stays the caller's
 * @param pid of the process that has loaded the filter: init, or one of `exec`
 * @throws RuntimeError that names the agent's socket
 */
export function sendSeccompListener(
  config: string,
  record: ContainerRecord,
  listener: number,
  pid: number = record.pid,
): void {
  const spec = JSON.parse(readText(config)) as Spec;
  const { listenerPath = '', listenerMetadata } = spec.linux?.seccomp ?? {};
  const message = {
    ociVersion: record.ociVersion,
    fds: ['seccompFd'],
    pid,
    ...(listenerMetadata === undefined ? {} : { metadata: listenerMetadata }),
    state: JSON.parse(hookState(record, 'created', record.pid)) as unknown,
  };
  try {
    const socket = connectUnixStream(listenerPath);
    try {
      sendMessage(socket, encodeText(JSON.stringify(message)), [listener]);
    } finally {
      closeFile(socket);
    }
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    throw new RuntimeError({
      operation: `hand the seccomp listener to ${listenerPath}`,
      detail: `${cause.syscall}: ${cause.code}: does the agent listen there, on a stream socket?`,
      pointer: '/linux/seccomp/listenerPath',
      path: listenerPath,
      code: cause.code,
      cause,
    });
  }
}
