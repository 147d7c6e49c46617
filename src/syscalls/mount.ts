import { checkText } from './check.ts';
import { native } from './native.ts';

/**
 * Detaches the topmost mount at `path` with everything below it; a link at its end is not followed (umount(2),
 * MNT_DETACH).
 *
 * @throws SyscallError `umount2`; EINVAL where nothing is mounted.
 */
export function detachMount(path: string): void {
  native.detachMount(checkText(path, 'path'));
}
