import { checkDescriptor } from './check.ts';
import { native } from './native.ts';

/** How to lock; exclusive and waiting unless it says otherwise. */
export interface LockOptions {
  readonly shared?: boolean;
  readonly nonBlocking?: boolean;
}

/**
 * Locks the open file, directories too, until its last descriptor is closed (flock(2)).
 *
 * @returns false where `nonBlocking` is set and somebody else holds it.
 * @throws SyscallError `flock`.
 */
export function lockFile(
  descriptor: number,
  { shared = false, nonBlocking = false }: LockOptions = {},
): boolean {
  return native.lockFile(checkDescriptor(descriptor), shared, nonBlocking);
}
