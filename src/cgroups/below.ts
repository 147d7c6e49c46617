import { RuntimeError } from '../error.ts';
import { join, normalize } from '../path.ts';
import type { CgroupPlace } from './place.ts';

/** A cgroup below that of a container; one of the hierarchies of some controllers, or of all where none is named. */
export interface CgroupBelow {
  readonly controllers: readonly string[];
  /** From the container's cgroup, which `..` never leads out of. */
  readonly path: string;
}

/**
 * Finds the cgroups of a process that is to live below the cgroup of its container.
 *
 * @returns where it belongs; where no cgroup was asked for, that of the container itself
 * @throws RuntimeError for a controller that is in no hierarchy, or is named twice
 */
export function placeBelow(place: CgroupPlace, asked: readonly CgroupBelow[]): CgroupPlace {
  const paths = { ...place.paths };
  const moved = new Set<string>();
  for (const { controllers, path } of asked) {
    const names = Object.keys(place.paths);
    const hierarchies =
      controllers.length === 0 ? names : controllers.map((name) => hierarchyOf(place, name));
    for (const hierarchy of new Set(hierarchies)) {
      if (moved.has(hierarchy)) {
        throw refused(`the hierarchy of ${hierarchy} is asked for more than once`);
      }
      moved.add(hierarchy);
      paths[hierarchy] = join(place.paths[hierarchy] ?? '', normalize(`/${path}`));
    }
  }
  return { ...place, paths };
}

function hierarchyOf({ paths }: CgroupPlace, controller: string): string {
  const found = Object.keys(paths).find(
    (name) =>
      name === controller || name === `name=${controller}` || name.split(',').includes(controller),
  );
  if (found !== undefined) return found;
  throw refused(
    `unknown controller ${controller}: expected one of ${Object.keys(paths).join(' ')}`,
  );
}

function refused(detail: string): RuntimeError {
  return new RuntimeError({ operation: 'place the process', detail });
}
