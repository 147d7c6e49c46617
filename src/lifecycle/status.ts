import { isPlaceFrozen } from '../cgroups/look.ts';
import { exists } from '../syscalls/files.ts';
import { HELPER, readExecutable, readProcess } from './procfs.ts';
import type { ContainerRecord } from './record.ts';
import type { Held, Store } from './store.ts';
import type { Status } from './transitions.ts';

/** What the kernel says about a container at one moment. */
export interface Condition {
  readonly status: Status;
  /** Of init as the host sees it; 0 where it has ended. */
  readonly pid: number;
}

/** What the decision is made from, gathered lazily: most questions are answered by the first ones. */
export interface Evidence {
  readonly stage: ContainerRecord['stage'];
  /** Whether init, told by pid and start time, is there and has not ended. */
  readonly isAlive: boolean;
  /** Whether somebody is at work on the container, as `create` is from the first moment to its last. */
  isHeld(): Promise<boolean>;
  /** Whether the socket is there on which init waits to be started. */
  hasStartSocket(): boolean;
  /** What init executes; undefined where we may not know. */
  executable(): string | undefined;
  isFrozen(): boolean;
}

/** Derives the status (runtime.md, "State"). */
export async function decideStatus(evidence: Evidence): Promise<Status> {
  if (evidence.stage === 'creating') {
    // A create that was killed before there was an init, or together with it, leaves a container that is over.
    return evidence.isAlive || (await evidence.isHeld()) ? 'creating' : 'stopped';
  }
  if (!evidence.isAlive) return 'stopped';
  if (evidence.isFrozen()) return 'paused';
  if (!evidence.hasStartSocket()) return 'running';
  const executable = evidence.executable();
  return executable === undefined || executable === HELPER ? 'created' : 'running';
}

/**
 * Asks the kernel how a container is.
 *
 * @param record undefined where there is a directory and no record yet
 * @param held the caller's own hold on the container, if it has one: then nobody else is at work on it
 */
export async function readCondition(
  store: Store,
  id: string,
  record: ContainerRecord | undefined,
  held?: Held,
): Promise<Condition> {
  const isAlive = record !== undefined && isInitAlive(record);
  const status = await decideStatus({
    stage: record?.stage ?? 'creating',
    isAlive,
    isHeld: async () => held === undefined && (await store.isHeld(id)),
    hasStartSocket: () => exists(store.file(id, 'start')),
    executable: () => (record === undefined ? undefined : readExecutable(record.pid)),
    isFrozen: () => record?.cgroup != null && isPlaceFrozen(record.cgroup),
  });
  return { status, pid: isAlive && record !== undefined ? record.pid : 0 };
}

/** @returns whether the process of that pid is still the one that was recorded, and has not ended */
export function isInitAlive({ pid, startTime }: ContainerRecord): boolean {
  if (pid === 0) return false;
  const facts = readProcess(pid);
  return facts !== undefined && !facts.hasEnded && facts.startTime === startTime;
}
