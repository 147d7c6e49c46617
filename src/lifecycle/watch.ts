import { closeFile } from '../syscalls/files.ts';
import { socketpair } from '../syscalls/socket.ts';
import { pollExitAsync } from '../syscalls/wait.ts';

export interface Watch {
  /** Ends the watch; the descriptor may be closed afterwards. A second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Calls back whenever a descriptor is readable, which a pidfd is at the end of its process.
 *
 * @param onReadable returns whether to go on watching
 */
export function watch(descriptor: number, onReadable: () => boolean): Watch {
  const [ours, theirs] = socketpair();
  let isStopped = false;
  const watched = (async () => {
    while (await pollExitAsync(descriptor, -1, theirs)) {
      if (isStopped || !onReadable()) return;
    }
  })();
  return {
    async stop() {
      if (isStopped) return;
      isStopped = true;
      closeFile(ours);
      try {
        await watched;
      } finally {
        closeFile(theirs);
      }
    },
  };
}
