import { RuntimeError } from '../../error.ts';
import { codeOf, inWordsForCgroup } from '../errno.ts';
import { type CgroupDirectory, isGone } from './directory.ts';

const STATE = 'freezer.state';
/** Reads without a pause: on an idle machine the second or third already finds it frozen. */
const READS_AT_ONCE = 50;
const PAUSE_MS = 1;
const TIME_MS = 2_000;

/** Whether all of the cgroup stands still, by itself or with a parent; false where it is gone or has no freezer. */
export function isFrozen(directory: CgroupDirectory): boolean {
  try {
    return directory.read(STATE) === 'FROZEN';
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/**
 * Freezes a cgroup and waits until it is frozen (kernel: cgroup-v1/freezer-subsystem.rst).
 *
 * Writing FROZEN only asks for it: the state is FREEZING until the last task has got to a point where it can stop,
 * and the kernel moves on to FROZEN when somebody reads. There is no event to wait for, so this reads on, without a
 * pause at first. FROZEN is written again each time, as some kernels overlook a task that was just moved or forked.
 *
 * @throws RuntimeError after two seconds; the cgroup is thawed then
 */
export async function freeze(directory: CgroupDirectory): Promise<void> {
  const until = Date.now() + TIME_MS;
  for (let reads = 1; ; reads++) {
    writeState(directory, 'FROZEN');
    if (isFrozen(directory)) return;
    if (reads < READS_AT_ONCE) continue;
    if (Date.now() > until) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  writeState(directory, 'THAWED');
  throw new RuntimeError({
    operation: `freeze ${directory.path}`,
    detail: 'a process did not stop within two seconds: it waits in the kernel or is being traced',
    path: directory.path,
  });
}

/** @throws RuntimeError */
export function thaw(directory: CgroupDirectory): void {
  writeState(directory, 'THAWED');
}

/** Like {@link thaw}; a cgroup that somebody has removed, when its processes had ended, is fine. @throws RuntimeError */
export function thawIfThere(directory: CgroupDirectory): void {
  try {
    thaw(directory);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function writeState(directory: CgroupDirectory, state: 'FROZEN' | 'THAWED'): void {
  try {
    directory.write(STATE, state);
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    const code = codeOf(cause);
    throw new RuntimeError({
      operation: `write ${state} to ${directory.path}/${STATE}`,
      detail: inWordsForCgroup(code),
      path: directory.path,
      code,
      cause,
    });
  }
}
