import type { CgroupManager } from '../cgroups/manager.ts';
import { RuntimeError } from '../error.ts';
import type { ContainerRecord } from './record.ts';

/**
 * Takes up the cgroups of a container for one piece of work, and closes what was opened for it.
 *
 * @returns what `use` returns; undefined where the container has no cgroup
 */
export async function withCgroups<T>(
  place: ContainerRecord['cgroup'],
  use: (cgroups: CgroupManager) => T | Promise<T>,
): Promise<T | undefined> {
  if (place === null) return undefined;
  const { reopenCgroups } = await import('../cgroups/open.ts');
  const cgroups = reopenCgroups(place);
  try {
    return await use(cgroups);
  } finally {
    cgroups.close();
  }
}

/**
 * Like {@link withCgroups}, for what is nothing without a cgroup.
 *
 * @throws RuntimeError where the container has none
 */
export async function withOwnCgroups<T>(
  record: ContainerRecord,
  use: (cgroups: CgroupManager) => T | Promise<T>,
): Promise<T> {
  const cgroups = await openOwnCgroups(record);
  try {
    return await use(cgroups);
  } finally {
    cgroups.close();
  }
}

/**
 * @returns the cgroups of a container, which the caller closes
 * @throws RuntimeError where the container has none
 */
export async function openOwnCgroups({ id, cgroup }: ContainerRecord): Promise<CgroupManager> {
  if (cgroup === null) {
    throw new RuntimeError({ operation: '', detail: `container ${id} has no cgroup of its own` });
  }
  const { reopenCgroups } = await import('../cgroups/open.ts');
  return reopenCgroups(cgroup);
}
