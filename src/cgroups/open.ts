import { RuntimeError } from '../error.ts';
import type { CgroupLayout } from './facts.ts';
import type { CgroupManager } from './manager.ts';
import { type CgroupPlace, type CgroupRequest, placeCgroup } from './place.ts';
import { V1Manager } from './v1/manager.ts';

/**
 * Chooses where a new container's cgroups go; makes nothing yet.
 *
 * @throws RuntimeError where the host's layout is not supported, or the path can't be placed
 */
export function openCgroups(request: CgroupRequest): CgroupManager {
  checkLayout(request.facts.layout);
  return new V1Manager(placeCgroup(request));
}

/** Takes up the cgroups of a container from its record, whose paths are trusted: only the owner can write it. */
export function reopenCgroups(place: CgroupPlace): CgroupManager {
  return new V1Manager(place);
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
