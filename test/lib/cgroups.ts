/** The cgroups of a test, in every hierarchy of the machine. */
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

let mounts: readonly string[] | undefined;

/** @returns where the cgroup hierarchies are mounted */
export function cgroupMounts(): readonly string[] {
  mounts ??= readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '');
  return mounts;
}

/** @returns the cgroups below a path, the deepest first; in all hierarchies */
export function cgroupsBelow(path: string): string[] {
  return cgroupMounts().flatMap((mount) => foldersBelow(join(mount, path)));
}

function foldersBelow(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
  return names.flatMap((name) => [...foldersBelow(join(folder, name)), join(folder, name)]);
}

/** @returns the cgroups of a path and below it, the deepest first; in all hierarchies */
const cgroupsFrom = (path: string): string[] => [
  ...cgroupsBelow(path),
  ...cgroupMounts().map((mount) => join(mount, path)),
];

/** @returns the processes in the cgroups of a path and below it */
export function processesBelow(path: string): number[] {
  const pids = cgroupsFrom(path).flatMap((folder) => {
    try {
      return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  });
  return [...new Set(pids.map(Number))];
}

/** @returns text of a file of the container's cgroup, such as `memory`, `memory.limit_in_bytes` */
export function readCgroup(controller: string, path: string, file: string): string {
  const mount = cgroupMounts().find((folder) =>
    (folder.split('/').at(-1) ?? '').split(',').includes(controller),
  );
  if (mount === undefined) throw new Error(`no hierarchy of ${controller} is mounted`);
  return readFileSync(join(mount, path, file), 'utf8').trim();
}

/** Removes the cgroups below a path and that one itself, as far as they are empty. */
export function removeCgroups(path: string): void {
  for (const folder of cgroupsFrom(path)) {
    try {
      rmdirSync(folder);
    } catch {
      // Not there, or in use: then the test has already complained.
    }
  }
}
