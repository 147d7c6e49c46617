import { RuntimeError } from '../error.ts';
import { writeSome } from '../syscalls/files.ts';

const PAUSE_MS = 5;

/**
 * Writes to standard output, all of it before it returns: the process may exit at once.
 *
 * @throws RuntimeError where nobody reads it any more, or it goes to a full disk
 */
export function print(text: string): void {
  const code = writeAll(1, text);
  if (code === undefined) return;
  const detail = code === 'EPIPE' ? 'nobody reads it any more' : code;
  throw new RuntimeError({ operation: 'write to standard output', detail, code });
}

/** Like {@link print}, to standard error; where that fails there is nobody left to tell. */
export function printError(text: string): void {
  writeAll(2, text);
}

/** @returns the errno of a failure */
function writeAll(descriptor: number, text: string): string | undefined {
  let bytes: Uint8Array = new TextEncoder().encode(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSome(descriptor, bytes));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      if (code !== 'EAGAIN') return code;
      // Somebody else set the pipe to non-blocking, and it is full: Node.js offers no way to wait for its reader.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
  return undefined;
}
