import { checkDescriptor } from './check.ts';
import { native } from './native.ts';

/**
 * Makes a descriptor on which the kernel, or a write of eight bytes, tells that something has happened, close-on-exec
 * (eventfd(2)).
 *
 * @throws SyscallError `eventfd`.
 */
export function eventfd(): number {
  return native.eventfd();
}

/**
 * Waits for the next event, which may stand for several. A thread of its own waits: end that by an event of your own
 * before you close the descriptor.
 *
 * @param descriptor of {@link eventfd}.
 * @throws SyscallError `read`.
 */
export async function readEventAsync(descriptor: number): Promise<void> {
  await native.readEventAsync(checkDescriptor(descriptor));
}
