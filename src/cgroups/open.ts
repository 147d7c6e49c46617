import type { CgroupManager } from './manager.ts';
import { CGROUPS_PATH, type CgroupPlace, type CgroupRequest, placeCgroup } from './place.ts';
import { surveyPlace } from './v1/create.ts';
import { V1Manager } from './v1/manager.ts';

/**
 * Chooses where a new container's cgroups go; makes nothing yet.
 *
 * @throws RuntimeError where the host's layout is not supported, or the path can't be placed
 */
export function openCgroups(request: CgroupRequest): CgroupManager {
  const place = surveyPlace(placeCgroup(request));
  return new V1Manager(place, request.path ? CGROUPS_PATH : undefined);
}

/** Takes up the cgroups of a container from its record, whose paths are trusted: only the owner can write it. */
export function reopenCgroups(place: CgroupPlace): CgroupManager {
  return new V1Manager(place);
}
