import type { CgroupPlaceV1 } from '../place.ts';
import { CgroupDirectory } from './directory.ts';

/** The container's directories by hierarchy name. */
export type Directories = ReadonlyMap<string, CgroupDirectory>;

/** Nothing is opened yet. */
export function directoriesOf({ paths }: CgroupPlaceV1): Directories {
  return new Map(Object.entries(paths).map(([name, path]) => [name, new CgroupDirectory(path)]));
}

/** A hierarchy may hold several controllers; its name lists them. */
export function findController(
  directories: Directories,
  controller: string,
): CgroupDirectory | undefined {
  for (const [name, directory] of directories) {
    if (name === controller || name.split(',').includes(controller)) return directory;
  }
  return undefined;
}
