import type { CgroupEntrance } from './manager.ts';
import type { CgroupPlace } from './place.ts';
import { openEntrance } from './v1/entrance.ts';
import { directoriesOf } from './v1/hierarchies.ts';

/** Opens what a process of one thread needs to join the cgroups by itself. @throws RuntimeError */
export function enterPlace(place: CgroupPlace): CgroupEntrance {
  const directories = directoriesOf(place);
  try {
    return openEntrance(directories);
  } finally {
    for (const directory of directories.values()) directory.close();
  }
}
