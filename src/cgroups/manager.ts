import type { Resources } from '../spec/types.ts';
import type { CgroupPlace } from './place.ts';
import type { CgroupStats } from './stats.ts';

/** How a process of one thread puts itself into the cgroups. The caller closes the descriptors. */
export interface CgroupEntrance {
  /**
   * Descriptors of the v1 hierarchies' `tasks` files, for writing. A process that writes `0` there moves itself, and
   * without the lock that moving somebody else costs (see `CgroupManager.entrance`).
   */
  readonly tasks: readonly number[];
  /** Descriptor of the v2 directory, for CLONE_INTO_CGROUP (clone3(2)); undefined where v2 is not mounted. */
  readonly directory: number | undefined;
}

export interface ApplyOptions {
  /** JSON pointer of the resources, for errors; `/linux/resources` unless told. */
  readonly pointer?: string;
  /** Whether to set the device list, defaults included; an update of a running container leaves it alone. */
  readonly devices?: boolean;
  /** Whether to take back what was written where something is refused; the device list aside. */
  readonly orNothing?: boolean;
}

/** Tells of each time that the container runs out of memory. */
export interface OomWatch {
  /**
   * Waits for the next event; one at a time. Several that come while nobody waits are one.
   *
   * @returns `removed` when the cgroup is, or the watch was closed
   */
  next(): Promise<'oom' | 'removed'>;
  close(): Promise<void>;
}

/**
 * The cgroups of one container, whatever the host's layout. Directories are opened at first use and stay open until
 * `remove` or `close`; a closed manager opens them again when it is used.
 *
 * For a new container: record `place`, `create`, record it again if it has changed (a cgroup that was there before is
 * claimed only now), `apply`, then `entrance` or `join`.
 */
export interface CgroupManager {
  /** For the container's record; `create` may change it. */
  readonly place: CgroupPlace;

  /**
   * Makes the cgroups and claims them.
   *
   * @throws RuntimeError; nothing newly made is left then. Cgroups that exist are taken over where they are empty
   *   and not frozen, and refused with runc's words otherwise.
   */
  create(): void;

  /**
   * Sets the limits that are asked for, and the device list.
   *
   * @returns warnings: values that this kernel accepts and ignores
   * @throws RuntimeError with pointer, file and value of the first that failed
   */
  apply(resources: Resources | undefined, options?: ApplyOptions): string[];

  /**
   * Moves a process, with all of its threads, into every hierarchy.
   *
   * On an idle machine this takes 5 to 20 ms: the kernel waits for an RCU grace period before it lets one process
   * move another. `entrance` takes 0.5 ms.
   *
   * @throws RuntimeError
   */
  join(pid: number): void;

  /** How many descriptors `entrance` will give, known before `create`. */
  readonly entranceSize: { readonly tasks: number; readonly directory: boolean };

  /** Opens what a helper of a single thread needs to join by itself. @throws RuntimeError */
  entrance(): CgroupEntrance;

  /** Ids of the processes in the cgroup itself; empty where it is gone. */
  processes(): number[];
  /** Likewise, those of sub-cgroups too. */
  allProcesses(): number[];

  isFrozen(): boolean;
  /** Stops every process; resolves when all stand still. @throws RuntimeError after two seconds */
  freeze(): Promise<void>;
  thaw(): void;
  /** Likewise, for those that a signal has just ended: that the cgroup has been removed meanwhile is fine. */
  thawIfThere(): void;

  /** Sends a signal to every process, sub-cgroups too. @returns how many got it */
  signalAll(signal: number): Promise<number>;
  /**
   * Ends every process with SIGKILL and waits until all have ended.
   *
   * @throws RuntimeError with the pids that are still there when the time is up
   */
  kill(timeoutMs?: number): Promise<void>;

  /** Whether the kernel has killed a process for want of memory: why an init has died early. */
  hasOomKilled(): boolean;

  /** What the container has used. @throws RuntimeError where its cgroups are gone */
  stats(): CgroupStats;

  /**
   * Has the kernel tell of each time that memory runs out, from now on.
   *
   * @returns undefined where the host does not limit memory
   * @throws RuntimeError
   */
  watchOom(): OomWatch | undefined;

  /**
   * Removes the cgroups with their sub-cgroups, and those parents that `create` made, where they are empty. What is
   * already gone is fine.
   *
   * @throws RuntimeError where processes are left in cgroups that are claimed
   */
  remove(): Promise<void>;

  /**
   * Like `remove`, for cgroups in which there should be nobody left: those in which somebody is stay.
   *
   * @returns whether all are gone; false also for those that are not claimed
   * @throws RuntimeError
   */
  removeEmpty(): boolean;

  /** Closes the directories. */
  close(): void;
}
