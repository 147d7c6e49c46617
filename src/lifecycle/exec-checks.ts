import { RuntimeError } from '../error.ts';
import type { HostFacts } from '../plan/facts.ts';
import type { ExecOptions } from './exec-options.ts';

/**
 * Refuses a terminal that nobody would take, and a console socket that nothing would be sent to.
 *
 * @throws RuntimeError with runc's texts
 */
export function checkTerminal(hasTerminal: boolean, { detach, consoleSocket }: ExecOptions): void {
  if (hasTerminal && detach && consoleSocket === undefined) {
    const detail = 'cannot allocate tty if runts will detach without setting console socket';
    throw new RuntimeError({ operation: '', detail: `${detail}: give --console-socket` });
  }
  if (consoleSocket !== undefined && !(detach && hasTerminal)) {
    const detail = 'cannot use console socket if runts will not detach or allocate tty';
    throw new RuntimeError({ operation: '', detail });
  }
}

/**
 * A label that somebody asks for here and now is not ignored.
 *
 * @throws RuntimeError where this host has no such security module
 */
export function checkLabels(
  { apparmorProfile = 'unconfined', selinuxLabel }: ExecOptions,
  lsm: HostFacts['lsm'],
): void {
  if (selinuxLabel !== undefined && !lsm.selinux) {
    const detail = 'selinux label is specified, but selinux is disabled or not supported';
    throw new RuntimeError({ operation: '--process-label', detail });
  }
  if (apparmorProfile !== 'unconfined' && !lsm.apparmor) {
    const detail = 'apparmor profile is specified, but apparmor is not enabled on this host';
    throw new RuntimeError({ operation: '--apparmor', detail });
  }
}
