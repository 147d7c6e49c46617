import type { CgroupEntrance } from './manager.ts';
import type { CgroupPlace } from './place.ts';
import { openEntrance } from './v1/entrance.ts';
import { isFrozen } from './v1/freezer.ts';
import { directoriesOf, findController } from './v1/hierarchies.ts';

/*
 * What is asked of a container's cgroups most often, without all that a manager can do: commands that ask for nothing
 * else load a fraction of it.
 */

/** @returns whether every process stands still; false where the cgroup is gone */
export function isPlaceFrozen(place: CgroupPlace): boolean {
  const freezer = findController(directoriesOf(place), 'freezer');
  try {
    return freezer !== undefined && isFrozen(freezer);
  } finally {
    freezer?.close();
  }
}

/** Opens what a process of one thread needs to join the cgroups by itself. @throws RuntimeError */
export function enterPlace(place: CgroupPlace): CgroupEntrance {
  const directories = directoriesOf(place);
  try {
    return openEntrance(directories);
  } finally {
    for (const directory of directories.values()) directory.close();
  }
}
