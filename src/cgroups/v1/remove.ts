import { RuntimeError } from '../../error.ts';
import { dirname } from '../../path.ts';
import { removeDirectory } from '../../syscalls/files.ts';
import { codeOf, inWords } from '../errno.ts';
import type { CgroupPlaceV1 } from '../place.ts';
import { type CgroupDirectory, isGone, listSubCgroups } from './directory.ts';
import type { Directories } from './hierarchies.ts';
import { waitForExits } from './signal.ts';

const FIRST_PAUSE_MS = 1;
const TIME_MS = 2_000;
/** A path of which `create` has already said that it can be no cgroup. */
const CANNOT_EXIST = ['ENOTDIR', 'ENAMETOOLONG'];

/**
 * Removes the cgroups with their sub-cgroups in all hierarchies, then the parents that `create` made.
 *
 * Processes that are just ending are waited for by their pidfds. On Linux 6.18 they have left the cgroup when these
 * fire, but no document promises that, and cgroup v1 has no event for a cgroup that has become free: one that is still
 * busy then is tried again after pauses that double, for two seconds at most.
 *
 * Of cgroups that were never claimed, only what is empty goes.
 *
 * @throws RuntimeError where processes are left in cgroups that are claimed
 */
export async function removeCgroups(place: CgroupPlaceV1, directories: Directories): Promise<void> {
  if (!place.claimed) {
    // Whatever is in there belongs to others, down to empty sub-cgroups: the path may even be the hierarchy's root.
    for (const { path } of directories.values()) tryRemove(path);
    return;
  }
  const until = Date.now() + TIME_MS;
  let busy = removeIdle(directories);
  for (let pause = FIRST_PAUSE_MS; busy.length > 0; pause *= 2) {
    const processes = new Set(busy.flatMap((directory) => directory.allProcesses()));
    const [first] = busy;
    if (first !== undefined && Date.now() > until) throw busyError(first.path, processes);
    await waitForExits(processes, until - Date.now());
    busy = busy.filter(({ path }) => !removeSubtree(path));
    if (busy.length > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  removeMade(place);
}

/**
 * Removes claimed cgroups in which no process is, as {@link removeCgroups} does, without waiting for any.
 *
 * @returns whether all are gone
 * @throws RuntimeError
 */
export function removeEmpty(place: CgroupPlaceV1, directories: Directories): boolean {
  if (!place.claimed || removeIdle(directories).length > 0) return false;
  removeMade(place);
  return true;
}

/** @returns those in which processes are */
function removeIdle(directories: Directories): CgroupDirectory[] {
  return [...directories.values()].filter(({ path }) => !removeSubtree(path));
}

/** The parents that `create` made. */
function removeMade({ paths, parents }: CgroupPlaceV1): void {
  for (const [name, first] of Object.entries(parents)) {
    const path = paths[name];
    if (path !== undefined) removeParents(path, first);
  }
}

/** @returns whether it is gone, with its sub-cgroups; false where processes are in it. @throws RuntimeError */
export function removeSubtree(path: string): boolean {
  if (tryRemove(path)) return true;
  try {
    for (const name of listSubCgroups(path)) removeSubtree(`${path}/${name}`);
  } catch (error) {
    if (!isGone(error)) throw removeError(path, error);
  }
  return tryRemove(path);
}

/** Removes the directories above `path` up to `topmost`, as long as they are empty: others may use them by now. */
export function removeParents(path: string, topmost: string): void {
  for (let parent = dirname(path); isWithin(parent, topmost); parent = dirname(parent)) {
    if (!tryRemove(parent)) return;
  }
}

function isWithin(path: string, topmost: string): boolean {
  return path === topmost || path.startsWith(`${topmost}/`);
}

/** @returns whether it is gone */
function tryRemove(path: string): boolean {
  try {
    removeDirectory(path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (isGone(error) || (code !== undefined && CANNOT_EXIST.includes(code))) return true;
    if (code === 'EBUSY' || code === 'ENOTEMPTY') return false;
    throw removeError(path, error);
  }
}

function removeError(path: string, cause: unknown): RuntimeError {
  const code = codeOf(cause);
  return new RuntimeError({
    operation: `remove cgroup ${path}`,
    detail: inWords(code),
    path,
    code,
    cause,
  });
}

function busyError(path: string, processes: ReadonlySet<number>): RuntimeError {
  const left =
    processes.size === 0
      ? 'the kernel still holds it, though no process is in it'
      : `${processes.size} process(es) are left in it: ${[...processes].join(', ')}`;
  return new RuntimeError({
    operation: `remove cgroup ${path}`,
    detail: `${inWords('EBUSY')}: ${left}`,
    path,
    code: 'EBUSY',
  });
}
