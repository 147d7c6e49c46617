import { type CgroupBelow, placeBelow } from '../cgroups/below.ts';
import { enterPlace } from '../cgroups/enter.ts';
import type { CgroupEntrance } from '../cgroups/manager.ts';
import { RuntimeError } from '../error.ts';
import type { HostFacts } from '../plan/facts.ts';
import { closeFile } from '../syscalls/files.ts';
import type { ContainerRecord } from './record.ts';

/** The cgroups that a process of `exec` is to enter. */
export interface OpenedCgroups {
  readonly size: HostFacts['cgroupEntrance'];
  /** As many as `size` says, in its order. */
  readonly descriptors: readonly number[];
  close(): void;
}

/**
 * Opens the cgroups of a container, or those below them that were asked for.
 *
 * @throws RuntimeError where there is no such cgroup
 */
export function openExecCgroups(
  { cgroup, id }: ContainerRecord,
  asked: readonly CgroupBelow[],
): OpenedCgroups {
  if (cgroup === null) {
    if (asked.length > 0) throw refused(`container ${id} has no cgroup of its own`);
    return { size: { tasks: 0, directory: false }, descriptors: [], close: () => {} };
  }
  const { tasks, directory } = enter(placeBelow(cgroup, asked), asked.length > 0);
  const descriptors = directory === undefined ? [...tasks] : [...tasks, directory];
  return {
    size: { tasks: tasks.length, directory: directory !== undefined },
    descriptors,
    close: () => {
      for (const descriptor of descriptors) closeFile(descriptor);
    },
  };
}

function enter(place: NonNullable<ContainerRecord['cgroup']>, isBelow: boolean): CgroupEntrance {
  try {
    return enterPlace(place);
  } catch (cause) {
    if (!(cause instanceof RuntimeError) || cause.code !== 'ENOENT' || !isBelow) throw cause;
    throw refused(`there is no cgroup ${cause.path}: make it first`, cause);
  }
}

function refused(detail: string, cause?: unknown): RuntimeError {
  return new RuntimeError({ operation: 'place the process', detail, cause });
}
