import type { Seccomp } from '../spec/types.ts';
import { failAt } from './failure.ts';

/** Init hands the listener to the runtime with it: asking the listener about that would wait for ever. */
const HAND_OVER = 'sendmsg';

/**
 * Checks what config-linux.md demands around SCMP_ACT_NOTIFY.
 *
 * @returns whether a listener is needed.
 * @throws RuntimeError with the pointer of what is missing or cannot work.
 */
export function checkNotify(seccomp: Seccomp): boolean {
  const { defaultAction, listenerPath, listenerMetadata, syscalls = [] } = seccomp;
  if (listenerMetadata !== undefined && listenerPath === undefined) {
    failAt('/linux/seccomp/listenerMetadata', 'there is no listenerPath to send it to');
  }
  if (defaultAction === 'SCMP_ACT_NOTIFY') {
    failAt('/linux/seccomp/defaultAction', 'SCMP_ACT_NOTIFY cannot be the default action');
  }
  let notify = false;
  for (const [index, { action, names }] of syscalls.entries()) {
    if (action !== 'SCMP_ACT_NOTIFY') continue;
    notify = true;
    const pointer = `/linux/seccomp/syscalls/${index}`;
    if (listenerPath === undefined) {
      failAt(`${pointer}/action`, 'SCMP_ACT_NOTIFY needs a listenerPath, and there is none');
    }
    const handOver = names.indexOf(HAND_OVER);
    if (handOver >= 0) {
      failAt(
        `${pointer}/names/${handOver}`,
        `SCMP_ACT_NOTIFY cannot be used for ${HAND_OVER}, with which the listener is handed over`,
      );
    }
  }
  return notify;
}
