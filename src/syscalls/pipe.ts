import { native } from './native.ts';

/**
 * Makes a pipe, close-on-exec (pipe(2)).
 *
 * @returns the read end, which does not block, and the write end, which does.
 * @throws SyscallError `pipe2`, `fcntl(F_SETFL)`.
 */
export function pipe(): [number, number] {
  return native.pipe();
}
