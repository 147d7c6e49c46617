import { RuntimeError } from '../error.ts';
import { join } from '../path.ts';
import {
  closeFile,
  descriptorStatus,
  exists,
  isSameFile,
  linkStatusOf,
  listDirectory,
  listSubdirectories,
  makeDirectories,
  makeDirectory,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
  openFile,
  readText,
  removeTree,
  renameFile,
  writeFile,
} from '../syscalls/files.ts';
import { errnoOf, fileError } from './fs-error.ts';
import { checkId, isId } from './ids.ts';
import { type ContainerRecord, parseRecord, printRecord } from './record.ts';

/** A container's directory, held by nobody else until it is released; the end of the process releases it too. */
export interface Held {
  /** The open directory: sockets are made and found through it, because its path may be too long for them. */
  readonly descriptor: number;
  release(): void;
}

/** The directories of containers below one root, each with the files of `FILES`. */
export interface Store {
  readonly root: string;
  /** @returns the absolute path of the container's directory */
  directory(id: string): string;
  /** @returns the absolute path of one of its files */
  file(id: string, name: StoreFile): string;
  /**
   * Makes the directory of a new container. Of several callers with one id exactly one succeeds.
   *
   * @throws RuntimeError: an id that is illegal or taken
   */
  reserve(id: string): Promise<Held>;
  /**
   * Waits until nobody else changes the container.
   *
   * @throws RuntimeError: no such container
   */
  lock(id: string): Promise<Held>;
  /** Like `lock`, without waiting. @returns undefined where somebody else changes it */
  tryLock(id: string): Promise<Held | undefined>;
  /** @returns whether somebody holds it at this moment */
  isHeld(id: string): Promise<boolean>;
  /** @throws RuntimeError: no such container; one that is only half made; a record that is damaged */
  load(id: string): ContainerRecord;
  /** @returns undefined where there is no record: `create` has just begun, or was killed then. Else like `load`. */
  peek(id: string): ContainerRecord | undefined;
  /** Replaces the record at once: a reader meets the old one or the new one. */
  save(record: ContainerRecord): void;
  /** Keeps a file beside the record. */
  keep(id: string, name: StoreFile, data: string | Uint8Array): void;
  /** Removes the directory and all in it. */
  remove(id: string): void;
  /** @returns the ids of all containers, half-made ones too, sorted */
  list(): string[];
}

/** What lies in a container's directory. */
export const FILES = {
  record: 'state.json',
  /** The configuration as it was at create, byte for byte, until `update` changes its resources. */
  config: 'config.json',
  /** The plan by which it was made (src/plan/kept.ts). */
  plan: 'plan',
  /** Where init waits to be started; gone from then on. */
  start: 'start.sock',
  /** The directory of the socket for the container's notifications, where they are wanted. */
  notify: 'notify',
} as const;
export type StoreFile = keyof typeof FILES;

/**
 * @param root absolute path; made when the first container is
 */
export function openStore(root: string): Store {
  // Nearly always one id is asked for again and again.
  let known = { id: '', path: '' };
  const directory = (id: string): string => {
    if (id !== known.id || id === '') {
      checkId(id);
      known = { id, path: join(root, id) };
    }
    return known.path;
  };
  const file = (id: string, name: StoreFile): string => `${directory(id)}/${FILES[name]}`;

  const peek = (id: string): ContainerRecord | undefined => {
    const path = file(id, 'record');
    const status = linkStatusOf(directory(id));
    if (status?.type !== 'directory') throw doesNotExist();
    checkOwner(status.uid, directory(id));
    let text: string;
    try {
      text = readText(path);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw fileError(`read ${path}`, path, error);
      // Nothing written yet, or deleted since we looked.
      if (!exists(directory(id))) throw doesNotExist();
      return undefined;
    }
    const record = parseRecord(text, path);
    if (record.id === id) return record;
    const detail = `${path} is that of another container, ${JSON.stringify(record.id)}`;
    throw new RuntimeError({ operation: '', detail, path });
  };

  return {
    root,
    directory,
    file,
    peek,

    async reserve(id) {
      const path = directory(id);
      makeRoot(root);
      try {
        makeDirectory(path, 0o700);
      } catch (cause) {
        if (errnoOf(cause) === 'EEXIST') {
          throw alreadyExists(path, cause);
        }
        throw fileError(`make ${path}`, path, cause);
      }
      const held = await lockDirectory(path);
      // Before we had the lock, the directory may have been deleted and made again by another create, which won.
      if (listDirectory(path).length === 0) return held;
      held.release();
      throw alreadyExists(path);
    },

    async lock(id) {
      return lockDirectory(directory(id));
    },

    async tryLock(id) {
      return tryLockDirectory(directory(id), true);
    },

    async isHeld(id) {
      const { lockFile } = await import('../syscalls/lock.ts');
      const descriptor = openDirectory(directory(id));
      try {
        return !lockFile(descriptor, { shared: true, nonBlocking: true });
      } finally {
        closeFile(descriptor);
      }
    },

    load(id) {
      const record = peek(id);
      if (record !== undefined) return record;
      throw new RuntimeError({
        operation: '',
        detail: `container ${id} is only half made: its create goes on, or was killed and "delete --force" removes it`,
        path: directory(id),
      });
    },

    save(record) {
      const path = file(record.id, 'record');
      // The lock is held by whoever saves: nobody else uses the other name.
      const unfinished = `${path}.new`;
      try {
        writeFile(unfinished, printRecord(record));
        renameFile(unfinished, path);
      } catch (cause) {
        throw fileError(`write ${path}`, path, cause);
      }
    },

    keep(id, name, data) {
      const path = file(id, name);
      try {
        writeFile(path, data);
      } catch (cause) {
        throw fileError(`write ${path}`, path, cause);
      }
    },

    remove(id) {
      const path = directory(id);
      try {
        removeTree(path);
      } catch (cause) {
        throw fileError(`remove ${path}`, path, cause);
      }
    },

    list() {
      try {
        return listSubdirectories(root).filter(isId).sort();
      } catch (cause) {
        if (errnoOf(cause) === 'ENOENT') return [];
        throw fileError(`list ${root}`, root, cause);
      }
    },
  };
}

/** @returns the error of every verb on an id that there is not, in the words that engines look for */
export function doesNotExist(): RuntimeError {
  return new RuntimeError({ operation: '', detail: 'container does not exist', code: 'ENOENT' });
}

function alreadyExists(path: string, cause?: unknown): RuntimeError {
  const detail = 'container with given ID already exists';
  return new RuntimeError({ operation: '', detail, code: 'EEXIST', path, cause });
}

async function lockDirectory(path: string): Promise<Held> {
  const held = await tryLockDirectory(path, false);
  if (held === undefined) throw new TypeError('a lock that waits was not given');
  return held;
}

async function tryLockDirectory(path: string, nonBlocking: boolean): Promise<Held | undefined> {
  const { lockFile } = await import('../syscalls/lock.ts');
  for (;;) {
    const descriptor = openDirectory(path);
    try {
      if (!lockFile(descriptor, { nonBlocking })) {
        closeFile(descriptor);
        return undefined;
      }
    } catch (cause) {
      closeFile(descriptor);
      throw fileError(`lock ${path}`, path, cause);
    }
    // While we waited, its holder may have deleted the container, and somebody else made a new one of that name.
    if (isSameFile(path, descriptor)) {
      return { descriptor, release: () => closeFile(descriptor) };
    }
    closeFile(descriptor);
  }
}

function openDirectory(path: string): number {
  let descriptor: number;
  try {
    descriptor = openFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') throw doesNotExist();
    throw fileError(`open ${path}`, path, cause);
  }
  try {
    checkOwner(descriptorStatus(descriptor).uid, path);
    return descriptor;
  } catch (error) {
    closeFile(descriptor);
    throw error;
  }
}

/**
 * What stands in a record is done: hooks are run, processes are killed. In a root that others can write to, somebody
 * else could have made it.
 */
function checkOwner(uid: number, path: string): void {
  if (uid === process.geteuid?.()) return;
  const detail = `it belongs to another user (${uid}): act as that user`;
  throw new RuntimeError({ operation: `open ${path}`, detail, path, code: 'EPERM' });
}

function makeRoot(root: string): void {
  try {
    makeDirectories(root, 0o700);
  } catch (cause) {
    throw fileError(`make the directory of all containers, ${root}`, root, cause);
  }
}
