import {
  canAccess,
  listDirectory,
  readText,
  realPath,
  statusOf,
  W_OK,
} from '../../syscalls/files.ts';
import { findProgram, isProgram } from '../find-program.ts';

/** What the checks ask about the machine. Asking changes nothing: files are read and looked at, never made. */
export interface Host {
  /** Effective uid of the runtime. */
  readonly uid: number;
  /** Such as `6.1.0-18-amd64` (uname(2)). */
  readonly release: string;
  /** @returns the text of a file of the kernel's; undefined where it is not there or may not be read */
  read(path: string): string | undefined;
  /** @returns the names in a directory; none where it is not there */
  list(path: string): readonly string[];
  /** @returns undefined where there is nothing, or nothing that may be looked at */
  kind(path: string): 'directory' | 'file' | 'other' | undefined;
  /** @returns whose a file or directory is, and its permission bits; undefined where it is not there */
  owner(path: string): Owner | undefined;
  /** Whether the file or directory may be written: neither its mode nor its mount is against it (access(2)). */
  canWrite(path: string): boolean;
  canExecute(path: string): boolean;
  /** @returns the path without symbolic links; as it is where it leads nowhere */
  realPath(path: string): string;
  /** @returns where a program of that name lies, along PATH */
  findProgram(name: string): string | undefined;
  /** @returns the names of the filter flags that the kernel takes (seccomp(2)) */
  seccompFlags(): Promise<readonly string[]>;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * The machine that we run on.
 *
 * @param searchPath where programs are looked for, as PATH has it; undefined where it is not set
 */
export function thisHost(searchPath: string | undefined): Host {
  return {
    uid: process.geteuid?.() ?? 0,
    release: readText('/proc/sys/kernel/osrelease').trimEnd(),
    read: (path) => succeed(() => readText(path)),
    list: (path) => succeed(() => listDirectory(path)) ?? [],
    kind(path) {
      return succeed(() => statusOf(path))?.type;
    },
    owner(path) {
      const status = succeed(() => statusOf(path));
      return status && { uid: status.uid, gid: status.gid, mode: status.mode & 0o777 };
    },
    canWrite: (path) => canAccess(path, W_OK),
    canExecute: isProgram,
    realPath: (path) => succeed(() => realPath(path)) ?? path,
    findProgram: (name) => findProgram(name, searchPath),
    async seccompFlags() {
      const { seccompFeatures } = await import('../../seccomp/features.ts');
      return seccompFeatures().supportedFlags;
    },
  };
}

function succeed<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    // Not there, or not for us: what that means is for the check to say.
    return undefined;
  }
}
