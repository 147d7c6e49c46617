import { encodeText } from '../bytes.ts';
import { RuntimeError } from '../error.ts';
import { join } from '../path.ts';
import type { CompiledSeccomp } from '../seccomp/compile.ts';
import {
  closeFile,
  descriptorStatus,
  type FileStatus,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  openFile,
  readDescriptor,
} from '../syscalls/files.ts';
import { checksum } from '../syscalls/identity.ts';
import { errnoOf } from './fs-error.ts';
import type { Context } from './options.ts';
import { decodeEntry } from './seccomp-entry.ts';

/*
 * Compiled seccomp filters, kept because engines give the same profile to almost every container, and to compile it is
 * a sixth of a `run`. They lie beside the containers in a directory of this user alone, a file each. Whatever is wrong
 * there, a container is made all the same: its filter is compiled, and only the debug log tells.
 *
 * This half finds a filter, which most creates do; src/lifecycle/seccomp-keep.ts keeps a new one.
 */

/** The directory in the root of all containers; with a colon it is no id (src/lifecycle/ids.ts). */
export const SECCOMP_CACHE = '.seccomp:cache';

export const LARGEST_ENTRY = 128 * 1024;

/**
 * @param key of {@link seccompKey}
 * @returns the filter that is kept under it, undefined where there is none that can be trusted
 */
export function findFilter({ root, log }: Context, key: string): CompiledSeccomp | undefined {
  try {
    const directory = openCache(root);
    try {
      return decodeEntry(readEntry(directory, entryName(key)), key);
    } finally {
      closeFile(directory);
    }
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') log('debug', `no seccomp filter is reused: ${error}`);
    return undefined;
  }
}

/**
 * @returns a descriptor of the directory, which nobody else can write to
 * @throws Error: there is none, or it cannot be trusted
 */
export function openCache(root: string): number {
  const path = join(root, SECCOMP_CACHE);
  const directory = openFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    checkOurs(descriptorStatus(directory), path);
    return directory;
  } catch (error) {
    closeFile(directory);
    throw error;
  }
}

/** Two profiles may have one name, and then only the last one that was used is kept: an entry has the whole key. */
export function entryName(key: string): string {
  return checksum(encodeText(key)).toString(16).padStart(8, '0');
}

/** By the descriptor: in a root that others can write to, another directory could have the path by now. */
export function pathInside(directory: number, name: string): string {
  return `/proc/self/fd/${directory}/${name}`;
}

function readEntry(directory: number, name: string): Uint8Array {
  // A FIFO would keep us waiting for its writer.
  const file = openFile(pathInside(directory, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const status = descriptorStatus(file);
    checkOurs(status, name);
    if (status.type !== 'file' || status.size > LARGEST_ENTRY) {
      throw refused(name, 'it is no entry');
    }
    return readDescriptor(file);
  } finally {
    closeFile(file);
  }
}

/** A filter that somebody else has made could allow anything. */
function checkOurs({ uid, mode }: FileStatus, path: string): void {
  if (uid !== process.geteuid?.()) throw refused(path, `it belongs to another user (${uid})`);
  if ((mode & 0o022) !== 0) throw refused(path, 'others can write to it');
}

function refused(path: string, detail: string): RuntimeError {
  return new RuntimeError({ operation: `open ${path}`, detail, path });
}
