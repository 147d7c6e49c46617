import { RuntimeError } from '../error.ts';
import { normalize } from '../path.ts';
import { type CgroupFacts, type CgroupHierarchy, type CgroupLayout, pathBelow } from './facts.ts';

/**
 * Where a container's cgroups are: a plain JSON value, kept in the container's record.
 * `version` is that of the cgroup interface; other managers will add members to this union.
 */
export type CgroupPlace = CgroupPlaceV1;

export interface CgroupPlaceV1 {
  readonly version: 1;
  /** Directory of the container's cgroup by hierarchy (`cpu,cpuacct`, `name=systemd`, `unified`). */
  readonly paths: Readonly<Record<string, string>>;
  /** By hierarchy, the topmost parent directory that `create` has to make: gone again with the container. */
  readonly parents: Readonly<Record<string, string>>;
  /**
   * Whether these cgroups are the container's: none existed when the place was chosen, or `create` found them empty.
   * What is in them otherwise belongs to others, and is neither signalled nor waited for.
   */
  readonly claimed: boolean;
}

/** What `openCgroups` has to know. */
export interface CgroupRequest {
  /** `linux.cgroupsPath`. */
  readonly path: string | undefined;
  readonly id: string;
  readonly facts: CgroupFacts;
}

/** Where config.json asks for a path; also the pointer of errors about the cgroup itself. */
export const CGROUPS_PATH = '/linux/cgroupsPath';

/**
 * Decides where a container's cgroups go (config-linux.md, "Cgroups path"): an absolute path lies below each
 * hierarchy's mount point, a relative one below the runtime's own cgroup in that hierarchy, and without a path
 * the id is taken as a relative one. `..` never leads above that: the path is cleaned as if its start were the root.
 *
 * @throws RuntimeError where the host's layout is not supported, the path can name no cgroup, or a relative path is
 *   asked for and the own cgroup lies outside of what is mounted
 */
export function placeCgroup({ path, id, facts }: CgroupRequest): CgroupPlaceV1 {
  checkLayout(facts.layout);
  const asked = path === undefined || path === '' ? id : path;
  if (/[\n\0]/.test(asked)) {
    throw new RuntimeError({
      operation: 'place the cgroup',
      detail: `${JSON.stringify(asked)} holds a line feed or a NUL byte, which no cgroup's name can`,
      pointer: path === undefined ? undefined : CGROUPS_PATH,
    });
  }
  const below = normalize(`/${asked}`);
  const paths: Record<string, string> = {};
  for (const hierarchy of facts.hierarchies) {
    const top = asked.startsWith('/') ? hierarchy.mountPoint : ownDirectory(hierarchy, path);
    // Both are clean already.
    paths[hierarchy.name] = below === '/' ? top : top === '/' ? below : `${top}${below}`;
  }
  return { version: 1, paths, parents: {}, claimed: false };
}

function ownDirectory(hierarchy: CgroupHierarchy, path: string | undefined): string {
  const { mountPoint, mountRoot, own, name } = hierarchy;
  const below = pathBelow(mountRoot, own);
  if (below !== undefined) return normalize(`${mountPoint}${below}`);
  throw new RuntimeError({
    operation: `place the container's ${name} cgroup below the runtime's own`,
    detail: `the own cgroup ${own} is not visible in ${mountPoint}, which shows ${mountRoot}: use an absolute cgroupsPath`,
    pointer: path === undefined ? undefined : CGROUPS_PATH,
    path: mountPoint,
  });
}

function checkLayout(layout: CgroupLayout): void {
  switch (layout) {
    case 'v1':
    case 'hybrid':
      return;
    case 'v2':
      throw new RuntimeError({
        operation: 'look for cgroups',
        detail: 'cgroup v2 only hosts are not supported yet',
      });
    case 'none':
      throw new RuntimeError({
        operation: 'look for cgroups',
        detail: 'no cgroup file system is mounted: mount the v1 controllers below /sys/fs/cgroup',
      });
    default:
      throw new TypeError(`unknown layout ${layout satisfies never}`);
  }
}
