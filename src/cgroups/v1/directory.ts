import { RuntimeError } from '../../error.ts';
import {
  closeFile,
  fileSystemType,
  listSubdirectories,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
  O_WRONLY,
  openFile,
  readText,
  writeSome,
} from '../../syscalls/files.ts';
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
      for (const value of values) writeSome(opened, value);
    } finally {
      closeFile(opened);
    }
  }

  /** A descriptor of the directory that the caller closes. @throws like write */
  duplicate(): number {
    return openFile(this.#pathOf('.'), O_RDONLY | O_DIRECTORY);
  }

  /** The caller closes it. @throws like write */
  openForWriting(file: string): number {
    return openFile(this.#pathOf(file), O_WRONLY | O_NOFOLLOW);
  }

  /** Likewise, for reading. @throws like write */
  openForReading(file: string): number {
    return openFile(this.#pathOf(file), O_RDONLY | O_NOFOLLOW);
  }

  /** @returns the text without the line feed at its end. @throws like write */
  read(file: string): string {
    return readText(this.#pathOf(file)).trimEnd();
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
    if (this.#descriptor !== undefined) closeFile(this.#descriptor);
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
  return listSubdirectories(path);
}

function listAllProcesses(path: string): number[] {
  const processes = listProcesses(path);
  for (const name of listSubCgroups(path)) {
    try {
      processes.push(...listAllProcesses(`${path}/${name}`));
    } catch (error) {
      // A container removes sub-cgroups while we look.
      if (!isGone(error)) throw error;
    }
  }
  return processes;
}

function listProcesses(path: string): number[] {
  return readText(`${path}/cgroup.procs`)
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function openChecked(path: string): number {
  const opened = openFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  let refusal: string | undefined;
  try {
    if (CGROUP_TYPES.includes(fileSystemType(opened))) return opened;
    refusal = 'it lies on no cgroup file system: something else is mounted over it';
  } catch (error) {
    refusal = inWords(codeOf(error));
  }
  closeFile(opened);
  throw new RuntimeError({ operation: `open cgroup ${path}`, detail: refusal, path });
}
