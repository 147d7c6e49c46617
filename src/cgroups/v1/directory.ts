import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { RuntimeError } from '../../error.ts';
import { codeOf, inWords } from '../errno.ts';

/** Magic numbers of statfs(2). */
const CGROUP_TYPES = [0x27e0eb, 0x63677270];

/**
 * The container's cgroup in one hierarchy, held by a descriptor that is checked to lie on a cgroup file system:
 * every write goes below it, wherever the path leads to meanwhile. (Cgroup file systems know no symbolic links.)
 */
export class CgroupDirectory {
  readonly path: string;
  #descriptor: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Opens the directory, or gives the one that is open. @throws RuntimeError; Error of the call */
  descriptor(): number {
    this.#descriptor ??= openChecked(this.path);
    return this.#descriptor;
  }

  /** @throws Error of the call, such as EINVAL; RuntimeError where it is no cgroup */
  write(file: string, ...values: readonly string[]): void {
    const opened = this.openForWriting(file);
    try {
      for (const value of values) writeSync(opened, value);
    } finally {
      closeSync(opened);
    }
  }

  /** A descriptor of the directory that the caller closes. @throws like write */
  duplicate(): number {
    return openSync(this.#pathOf('.'), constants.O_RDONLY | constants.O_DIRECTORY);
  }

  /** The caller closes it. @throws like write */
  openForWriting(file: string): number {
    return openSync(this.#pathOf(file), constants.O_WRONLY | constants.O_NOFOLLOW);
  }

  /** Likewise, for reading. @throws like write */
  openForReading(file: string): number {
    return openSync(this.#pathOf(file), constants.O_RDONLY | constants.O_NOFOLLOW);
  }

  /** @returns the text without the line feed at its end. @throws like write */
  read(file: string): string {
    return readFileSync(this.#pathOf(file), 'utf8').trimEnd();
  }

  /** Ids in `cgroup.procs`; empty where the cgroup is gone. 0 stands for a process of another pid namespace. */
  processes(): number[] {
    return this.#orEmpty(() => listProcesses(this.#pathOf()));
  }

  /** Likewise, with those of the sub-cgroups. */
  allProcesses(): number[] {
    return this.#orEmpty(() => listAllProcesses(this.#pathOf()));
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #pathOf(file = ''): string {
    return `/proc/self/fd/${this.descriptor()}/${file}`;
  }

  #orEmpty<T>(list: () => T[]): T[] {
    try {
      return list();
    } catch (error) {
      if (isGone(error)) return [];
      throw error;
    }
  }
}

/** A removed cgroup gives ENOENT by its path, ENODEV by files that are open. */
export function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENODEV';
}

/** Names of the sub-cgroups. */
export function listSubCgroups(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function listAllProcesses(path: string): number[] {
  return [
    ...listProcesses(path),
    ...listSubCgroups(path).flatMap((name) => {
      try {
        return listAllProcesses(`${path}/${name}`);
      } catch (error) {
        // A container removes sub-cgroups while we look.
        if (isGone(error)) return [];
        throw error;
      }
    }),
  ];
}

function listProcesses(path: string): number[] {
  return readFileSync(`${path}/cgroup.procs`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function openChecked(path: string): number {
  const opened = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  let refusal: string | undefined;
  try {
    if (CGROUP_TYPES.includes(statfsSync(`/proc/self/fd/${opened}`).type)) return opened;
    refusal = 'it lies on no cgroup file system: something else is mounted over it';
  } catch (error) {
    refusal = inWords(codeOf(error));
  }
  closeSync(opened);
  throw new RuntimeError({ operation: `open cgroup ${path}`, detail: refusal, path });
}
