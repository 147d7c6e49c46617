import { checkText } from './check.ts';
import { native } from './native.ts';

/**
 * Asks which kind of file system holds `path`.
 *
 * @returns the magic number of statfs(2), such as 0x27e0eb for the first cgroup version.
 * @throws SyscallError `statfs`.
 */
export function statfsType(path: string): number {
  return native.statfsType(checkText(path, 'path'));
}
