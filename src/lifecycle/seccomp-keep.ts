import { join } from '../path.ts';
import type { CompiledSeccomp } from '../seccomp/compile.ts';
import {
  closeFile,
  linkStatusOf,
  listDirectory,
  makeDirectory,
  O_CREAT,
  O_EXCL,
  removeFile,
  renameFile,
  writeFile,
} from '../syscalls/files.ts';
import { lockFile } from '../syscalls/lock.ts';
import { errnoOf } from './fs-error.ts';
import type { Context } from './options.ts';
import { entryName, LARGEST_ENTRY, openCache, pathInside, SECCOMP_CACHE } from './seccomp-cache.ts';
import { encodeEntry } from './seccomp-entry.ts';

/**
 * An engine has a profile or a few; a cluster may bring one for each application, and rarely has this many of them on
 * one machine. It bounds, with the size of an entry, the memory that the files take: 8 MB, usually far less than 1 MB.
 */
export const MOST_ENTRIES = 64;

/** The one name besides those of entries: only who holds the lock of the directory writes. */
const UNFINISHED = 'unfinished';

/**
 * Keeps a filter for the next one who wants it, in the place of the oldest one where there are too many.
 *
 * @param key of {@link seccompKey}
 */
export function keepFilter({ root, log }: Context, key: string, compiled: CompiledSeccomp): void {
  const bytes = encodeEntry(key, compiled);
  if (bytes.length > LARGEST_ENTRY) return;
  try {
    ensureDirectory(join(root, SECCOMP_CACHE));
    const directory = openCache(root);
    try {
      // Nobody waits for another one who keeps a filter: as likely as not it is the same.
      if (lockFile(directory, { nonBlocking: true })) writeEntry(directory, entryName(key), bytes);
    } finally {
      closeFile(directory);
    }
  } catch (error) {
    log('debug', `the seccomp filter is not kept: ${error}`);
  }
}

function ensureDirectory(path: string): void {
  try {
    makeDirectory(path, 0o700);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** By rename: a reader meets an entry as a whole or not at all. */
function writeEntry(directory: number, name: string, bytes: Uint8Array): void {
  makeRoom(directory, name);
  const unfinished = pathInside(directory, UNFINISHED);
  try {
    // That of a writer who was killed.
    removeFile(unfinished);
    writeFile(unfinished, bytes, O_CREAT | O_EXCL, 0o600);
    renameFile(unfinished, pathInside(directory, name));
  } finally {
    removeFile(unfinished);
  }
}

function makeRoom(directory: number, name: string): void {
  const others = listDirectory(pathInside(directory, '.')).filter(
    (other) => other !== name && other !== UNFINISHED,
  );
  const tooMany = others.length + 1 - MOST_ENTRIES;
  if (tooMany <= 0) return;
  const byAge = others
    .map((other) => pathInside(directory, other))
    .map((path) => ({ path, written: linkStatusOf(path)?.modified ?? 0 }))
    .sort((first, second) => first.written - second.written);
  for (const { path } of byAge.slice(0, tooMany)) removeFile(path);
}
