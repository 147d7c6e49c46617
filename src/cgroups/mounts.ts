import { basename } from '../path.ts';
import type { CgroupFacts } from './facts.ts';
import type { CgroupPlace } from './place.ts';

/** What a mount of type `cgroup` shows of one hierarchy. */
export interface CgroupMount {
  /** Name of the directory in the container, as on the host: `cpu,cpuacct`. */
  readonly name: string;
  /** Names of links to it: each controller of a hierarchy that has several. */
  readonly aliases: readonly string[];
  /** The host's directory of the container's cgroup. */
  readonly source: string;
}

/**
 * What a mount of type `cgroup` consists of: one directory for each v1 hierarchy. The v2 tree of a hybrid host is
 * left out: it has no limits to look at, and programs take a mounted v2 tree for the only one.
 */
export function cgroupMounts(place: CgroupPlace, facts: CgroupFacts): CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const { name: hierarchy, version, mountPoint, controllers } of facts.hierarchies) {
    const source = place.paths[hierarchy];
    if (version === 2 || source === undefined) continue;
    const name = basename(mountPoint);
    mounts.push({ name, aliases: controllers.filter((controller) => controller !== name), source });
  }
  return mounts;
}
