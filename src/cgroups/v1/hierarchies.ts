import type { CgroupPlaceV1 } from '../place.ts';
import { CgroupDirectory } from './directory.ts';

/** The container's directories by hierarchy name. */
export type Directories = ReadonlyMap<string, CgroupDirectory>;

/** Nothing is opened yet. */
export function directoriesOf({ paths }: CgroupPlaceV1): Directories {
  return new Map(Object.entries(paths).map(([name, path]) => [name, new CgroupDirectory(path)]));
}

/** A hierarchy may hold several controllers; its name lists them. */
export function holdsController(hierarchy: string, controller: string): boolean {
  return hierarchy.includes(controller) && hierarchy.split(',').includes(controller);
}

/** @returns undefined where no hierarchy of the host has the controller */
export function findController(
  directories: Directories,
  controller: string,
): CgroupDirectory | undefined {
  for (const [name, directory] of directories) {
    if (holdsController(name, controller)) return directory;
  }
  return undefined;
}
