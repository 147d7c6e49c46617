import { writeSync } from 'node:fs';

const PAUSE_MS = 5;

/** Writes to standard output, all of it before it returns: the process may exit at once. */
export function print(text: string): void {
  writeAll(1, text);
}

/** Like {@link print}, to standard error. */
export function printError(text: string): void {
  writeAll(2, text);
}

function writeAll(descriptor: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      // Somebody else set the pipe to non-blocking, and it is full: Node.js offers no way to wait for its reader.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
