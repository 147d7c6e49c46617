import { concatBytes, decodeText } from '../bytes.ts';
import { readSome } from '../syscalls/files.ts';
import { errnoOf } from './fs-error.ts';
import { watch } from './watch.ts';

/** How much of what a program prints is kept for a message, in bytes. */
const KEPT = 1024;
const AT_ONCE = 64 * 1024;

/** What a program prints into a pipe, read so that it never has to wait; the beginning of it is kept. */
export interface BeginReader {
  /** @returns the beginning, on one line; what comes after is not read any more */
  stop(): Promise<string>;
}

/**
 * @param output read end of a pipe that does not block, and whose write end the caller holds too
 */
export function readBegin(output: number): BeginReader {
  const buffer = new Uint8Array(AT_ONCE);
  let begin = new Uint8Array(0);
  const drain = (): boolean => {
    const room = KEPT - begin.length;
    const size = Math.min(readAvailable(output, buffer), room);
    if (size > 0) begin = concatBytes(begin, buffer.subarray(0, size));
    return true;
  };
  const watched = watch(output, drain);
  return {
    async stop() {
      await watched.stop();
      drain();
      return decodeText(begin).trim().replaceAll(/\s+/g, ' ');
    },
  };
}

function readAvailable(descriptor: number, buffer: Uint8Array): number {
  try {
    return readSome(descriptor, buffer);
  } catch (error) {
    if (errnoOf(error) === 'EAGAIN') return 0;
    throw error;
  }
}
