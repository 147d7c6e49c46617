import type { CgroupPlace } from './place.ts';
import { CgroupDirectory } from './v1/directory.ts';
import { isFrozen } from './v1/freezer.ts';
import { holdsController } from './v1/hierarchies.ts';

/**
 * What is asked of a container's cgroups most often, without all that a manager can do.
 *
 * @returns whether every process stands still; false where the cgroup is gone
 */
export function isPlaceFrozen(place: CgroupPlace): boolean {
  for (const name in place.paths) {
    const path = place.paths[name];
    if (path === undefined || !holdsController(name, 'freezer')) continue;
    const freezer = new CgroupDirectory(path);
    try {
      return isFrozen(freezer);
    } finally {
      freezer.close();
    }
  }
  return false;
}
