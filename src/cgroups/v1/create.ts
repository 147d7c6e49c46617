import { RuntimeError } from '../../error.ts';
import { dirname } from '../../path.ts';
import { exists, makeDirectory, statusOf } from '../../syscalls/files.ts';
import { codeOf, inWords } from '../errno.ts';
import type { CgroupPlaceV1 } from '../place.ts';
import { fillCpuset } from './cpuset.ts';
import type { CgroupDirectory } from './directory.ts';
import { isFrozen } from './freezer.ts';
import { type Directories, findController } from './hierarchies.ts';
import { removeParents, removeSubtree } from './remove.ts';

const MOST_TRIES = 10;

/**
 * Looks which directories of a chosen place are missing: the record of a container is written before its cgroups are
 * made, so that nothing is lost when the runtime is killed in between. Cgroups that are not there yet can be claimed
 * at once; others only when `create` has found them empty.
 */
export function surveyPlace(place: CgroupPlaceV1): CgroupPlaceV1 {
  const parents: Record<string, string> = {};
  let claimed = true;
  for (const [name, path] of Object.entries(place.paths)) {
    const first = topmostMissing(path);
    if (first === undefined) claimed = false;
    else if (first !== path) parents[name] = first;
  }
  return { ...place, parents, claimed };
}

function topmostMissing(path: string): string | undefined {
  let missing: string | undefined;
  for (let at = path; at !== '/' && !exists(at); at = dirname(at)) missing = at;
  return missing;
}

/**
 * Makes the directory of every hierarchy, with its parents, and gives new cpusets their parent's processors.
 *
 * @param pointer JSON pointer of the path that was asked for, if any was
 * @returns the place, claimed, and with the parents that had to be made; `place` itself where it was right
 * @throws RuntimeError; what was newly made is gone again then
 */
export function createCgroups(
  place: CgroupPlaceV1,
  directories: Directories,
  pointer: string | undefined,
): CgroupPlaceV1 {
  const made = new Map<string, string>();
  const parents: Record<string, string> = {};
  try {
    for (const [name, directory] of directories) {
      const { path } = directory;
      const first = makeWithParents(path, place.parents[name], pointer);
      if (first !== undefined) made.set(path, first);
      if (first !== undefined && first !== path) parents[name] = first;
      // Refuses what is no cgroup before anything is written.
      directory.descriptor();
    }
    refuseUsed([...directories.values()].filter(({ path }) => !made.has(path)));
    const freezer = findController(directories, 'freezer');
    // A new one is frozen by a parent: init would never do anything, nor end.
    if (freezer !== undefined && isFrozen(freezer)) {
      throw usedError("container's cgroup unexpectedly frozen: a cgroup above it is", freezer);
    }
    const cpuset = findController(directories, 'cpuset');
    if (cpuset !== undefined) fillCpuset(cpuset, made.get(cpuset.path));
    return isAsPlanned(place, parents) ? place : { ...place, parents, claimed: true };
  } catch (error) {
    for (const [path, first] of made) {
      removeSubtree(path);
      removeParents(path, first);
    }
    throw error;
  }
}

function isAsPlanned(place: CgroupPlaceV1, parents: CgroupPlaceV1['parents']): boolean {
  const names = Object.keys(place.paths);
  return place.claimed && names.every((name) => place.parents[name] === parents[name]);
}

/**
 * @param topmost of the parents that were missing when they were looked for, if any was
 * @returns the topmost directory that did not exist yet; undefined where all did
 * @throws RuntimeError; nothing that it made is left then
 */
function makeWithParents(
  path: string,
  topmost: string | undefined,
  pointer: string | undefined,
): string | undefined {
  // From there down: to begin with `path` would cost a failure in each hierarchy.
  let first =
    topmost === undefined || topmost === path
      ? undefined
      : makeWithParents(dirname(path), topmost, pointer);
  // Another container's removal may take away a parent that was just found: it is made again.
  for (let tries = 1; ; tries++) {
    try {
      makeDirectory(path, 0o755);
      return first ?? path;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EEXIST' && statusOf(path)?.type === 'directory') return first;
      if (code !== 'ENOENT' || tries === MOST_TRIES) {
        if (first !== undefined) removeParents(path, first);
        throw createError(path, pointer, error);
      }
    }
    first = makeWithParents(dirname(path), undefined, pointer) ?? first;
  }
}

function createError(path: string, pointer: string | undefined, cause: unknown): RuntimeError {
  const code = codeOf(cause);
  return new RuntimeError({
    operation: `create cgroup ${path}`,
    detail: `${inWords(code)}${remedyOf(code)}`,
    pointer,
    path,
    code,
    cause,
  });
}

function remedyOf(code: string | undefined): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return ': making cgroups needs root, or a directory that was delegated to this user, on a writable mount';
    case 'EEXIST':
    case 'ENOTDIR':
      return ': the path names a file of a cgroup';
    case 'ENAMETOOLONG':
      return ': a path has at most 4095 bytes';
    case 'ENOSPC':
    case 'EAGAIN':
      return ': the hierarchy has as many cgroups as it may, see cgroup.max.descendants and cgroup.max.depth';
    default:
      return '';
  }
}

/**
 * A cgroup that was there before the container may be somebody's: processes in it would count towards the
 * container's limits and be killed with it, and a frozen one would stop the container before it starts.
 */
function refuseUsed(existing: readonly CgroupDirectory[]): void {
  if (existing.length === 0) return;
  const processes = new Set(existing.flatMap((directory) => directory.allProcesses()));
  if (processes.size > 0) {
    throw usedError(
      `container's cgroup is not empty: ${processes.size} process(es) found`,
      existing[0],
    );
  }
  const frozen = existing.find(isFrozen);
  if (frozen !== undefined) throw usedError("container's cgroup unexpectedly frozen", frozen);
}

function usedError(detail: string, directory: CgroupDirectory | undefined): RuntimeError {
  return new RuntimeError({ operation: '', detail, path: directory?.path, code: 'EBUSY' });
}
