import { RuntimeError } from '../../error.ts';
import type { CgroupDirectory } from './directory.ts';
import { freeze, isFrozen, thawIfThere } from './freezer.ts';
import { refuseSelf, signalProcesses, waitForExits } from './signal.ts';

const SIGKILL = 9;

/**
 * Signals all processes while they stand still, so that none can fork in between; what was frozen before stays so.
 * Processes that can't be frozen are signalled as they run, until no new ones show up.
 *
 * @returns how many got it
 * @throws RuntimeError
 */
export async function signalFrozen(
  listing: CgroupDirectory,
  freezer: CgroupDirectory | undefined,
  signal: number,
): Promise<number> {
  const list = (): number[] => listing.allProcesses();
  const present = list();
  if (present.length === 0) return 0;
  refuseSelf(present);
  const wasFrozen = freezer !== undefined && isFrozen(freezer);
  const isHeld = freezer !== undefined && !wasFrozen && (await tryFreeze(freezer));
  try {
    return signalProcesses(list, signal).size;
  } finally {
    if (isHeld) thawIfThere(freezer);
  }
}

/**
 * Ends all processes and waits until they have ended. A frozen process dies only when it is thawed, so this thaws.
 *
 * @throws RuntimeError with what is left when the time is up
 */
export async function killAll(
  listing: CgroupDirectory,
  freezer: CgroupDirectory | undefined,
  timeoutMs: number,
): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const left = listing.allProcesses();
    if (left.length === 0) return;
    if (Date.now() > until) throw leftError(listing.path, left);
    await signalFrozen(listing, freezer, SIGKILL);
    if (freezer !== undefined && isFrozen(freezer)) thawIfThere(freezer);
    const hasEnded = await waitForExits(listing.allProcesses(), until - Date.now());
    if (hasEnded && left.every((pid) => pid === 0)) throw leftError(listing.path, left);
  }
}

/** @returns whether it is frozen; a process in uninterruptible sleep can't be, and is no reason not to signal */
async function tryFreeze(freezer: CgroupDirectory): Promise<boolean> {
  try {
    await freeze(freezer);
    return true;
  } catch (error) {
    if (error instanceof RuntimeError) return false;
    throw error;
  }
}

function leftError(path: string, pids: readonly number[]): RuntimeError {
  const others = pids.every((pid) => pid === 0) ? ' of another pid namespace' : '';
  return new RuntimeError({
    operation: `end the processes of cgroup ${path}`,
    detail: `${pids.length} process(es)${others} are left: ${pids.join(', ')}`,
    path,
    code: 'EBUSY',
  });
}
