import { RuntimeError } from '../error.ts';
import { SyscallError } from '../syscalls/error.ts';
import { writeWhole } from '../syscalls/files.ts';

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
  try {
    writeWhole(descriptor, text);
    return undefined;
  } catch (error) {
    return error instanceof SyscallError ? error.code : String(error);
  }
}
