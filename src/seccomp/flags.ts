import type { SeccompFlag } from '../spec/types.ts';
import { FLAG_NEW_LISTENER, FLAG_TSYNC_ESRCH, FLAGS } from './names.ts';

const { SECCOMP_FILTER_FLAG_TSYNC: TSYNC, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: WAIT_KILLABLE } =
  FLAGS;

/**
 * The flags for seccomp(2), without NEW_LISTENER.
 *
 * Where config.json has no list at all, which is another thing than an empty one, SPEC_ALLOW is set as runc sets it:
 * else kernels before 5.16 slow down every thread that has a filter.
 */
export function filterFlags(
  names: readonly SeccompFlag[] | undefined,
  notify: boolean,
): { readonly flags: number; readonly warnings: readonly string[] } {
  if (names === undefined) return { flags: FLAGS.SECCOMP_FILTER_FLAG_SPEC_ALLOW, warnings: [] };
  const flags = names.reduce((sum, name) => sum | FLAGS[name], 0);
  if (notify)
    return { flags: (flags & TSYNC) !== 0 ? flags | FLAG_TSYNC_ESRCH : flags, warnings: [] };
  // The kernel refuses it without a listener (EINVAL).
  if ((flags & WAIT_KILLABLE) === 0) return { flags, warnings: [] };
  const warning =
    'seccomp: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is left out: no rule has SCMP_ACT_NOTIFY';
  return { flags: flags & ~WAIT_KILLABLE, warnings: [warning] };
}

/** The bits with which the kernel is asked whether it knows a flag. */
export function probeFlags(name: SeccompFlag): number {
  return name === 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'
    ? FLAGS[name] | FLAG_NEW_LISTENER
    : FLAGS[name];
}
