import { checkText } from './check.ts';
import { native } from './native.ts';

/**
 * Makes an anonymous memory file, close-on-exec and not executable, that holds `data` (memfd_create(2)).
 *
 * @param name shown in /proc/PID/fd, at most 249 bytes.
 * @param seal whether nobody can ever change it again (F_SEAL_WRITE, GROW, SHRINK, SEAL).
 * @throws SyscallError `memfd_create`, `pwrite`, `fcntl(F_ADD_SEALS)`.
 */
export function memfd(name: string, data: Uint8Array, seal: boolean): number {
  return native.memfd(checkText(name, 'name'), data, seal);
}
