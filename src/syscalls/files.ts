/**
 * Files. Descriptors are close-on-exec; a path with a NUL byte is EINVAL.
 */
import type { FileNumbers } from './binding.ts';
import { SyscallError } from './error.ts';
import { native } from './native.ts';

/** Flags of open(2). */
export const O_RDONLY = 0;
export const O_WRONLY = 0o1;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_DIRECTORY = 0o200000;
export const O_NOFOLLOW = 0o400000;
export const O_PATH = 0o10000000;

/** Modes of access(2). */
export const X_OK = 1;
export const W_OK = 2;

const REPLACE = O_CREAT | O_TRUNC;
const DEFAULT_MODE = 0o600;
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;

/** inode(7) */
export interface FileStatus {
  readonly type: 'file' | 'directory' | 'other';
  /** Permissions alone. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In bytes. */
  readonly size: number;
  /** When its content was last changed, in milliseconds since 1970. */
  readonly modified: number;
}

/** open(2). @throws SyscallError `open` */
export function openFile(path: string, flags = O_RDONLY, mode = DEFAULT_MODE): number {
  return native.openFile(path, flags, mode);
}

/** close(2). @throws SyscallError `close` */
export function closeFile(descriptor: number): void {
  native.closeFile(descriptor);
}

/** @returns the whole file. @throws SyscallError `open`, `read` */
export function readFile(path: string): Uint8Array {
  return native.readFile(path);
}

/** Like {@link readFile}, decoded as UTF-8; what is none becomes U+FFFD. */
export function readText(path: string): string {
  return native.readText(path);
}

/**
 * @returns what the file has from its current position on; a pipe that does not block is waited for until its end.
 * @throws SyscallError `read`, `poll`
 */
export function readDescriptor(descriptor: number): Uint8Array {
  return native.readDescriptor(descriptor);
}

/** read(2). @returns how many bytes were read; 0 at the end. @throws SyscallError `read` */
export function readSome(descriptor: number, target: Uint8Array): number {
  return native.readSome(descriptor, target);
}

/**
 * Writes a whole file.
 *
 * @param content a text is written as UTF-8
 * @param flags besides O_WRONLY; by default the file is made, or emptied where it is there
 * @param mode of a new file, before the umask
 * @throws SyscallError `open`, `write`
 */
export function writeFile(
  path: string,
  content: string | Uint8Array,
  flags = REPLACE,
  mode = DEFAULT_MODE,
): void {
  native.writeFile(path, flags, mode, content);
}

/** write(2), once. @returns how many bytes were written. @throws SyscallError `write` */
export function writeSome(descriptor: number, content: string | Uint8Array): number {
  return native.writeSome(descriptor, content);
}

/**
 * Writes all of it; waits for the reader of a full pipe that somebody has made non-blocking.
 *
 * @throws SyscallError `write`, `poll`
 */
export function writeWhole(descriptor: number, content: string | Uint8Array): void {
  native.writeWhole(descriptor, content);
}

/** rename(2). @throws SyscallError `rename` */
export function renameFile(from: string, to: string): void {
  native.renameFile(from, to);
}

/** unlink(2); nothing at the path is fine. @throws SyscallError `unlink` */
export function removeFile(path: string): void {
  try {
    native.removeFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** mkdir(2). @throws SyscallError `mkdir` */
export function makeDirectory(path: string, mode: number): void {
  native.makeDirectory(path, mode);
}

/** Like {@link makeDirectory}, with the directories above it; one that is there is fine. */
export function makeDirectories(path: string, mode: number): void {
  // Looked for first: mostly it is there, and an error costs more than a look.
  if (isDirectory(path)) return;
  try {
    makeUnlessThere(path, mode);
  } catch (error) {
    const above = path.slice(0, path.lastIndexOf('/'));
    if (!isMissing(error) || above === '') throw error;
    makeDirectories(above, mode);
    // Not once more from the top: /proc and deleted directories are there, and say ENOENT to whatever is made in them.
    makeUnlessThere(path, mode);
  }
}

function makeUnlessThere(path: string, mode: number): void {
  try {
    native.makeDirectory(path, mode);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !isDirectory(path)) throw error;
  }
}

function isDirectory(path: string): boolean {
  return exists(path) && statusOf(path)?.type === 'directory';
}

/** rmdir(2). @throws SyscallError `rmdir` */
export function removeDirectory(path: string): void {
  native.removeDirectory(path);
}

/**
 * Removes a file, or a directory with all that is in it; no link is followed, and nothing at the path is fine.
 *
 * @throws SyscallError `unlink`, `open`, `readdir`, `rmdir`
 */
export function removeTree(path: string): void {
  native.removeTree(path);
}

/** @returns the names in a directory, sorted. @throws SyscallError `open`, `readdir` */
export function listDirectory(path: string): string[] {
  return native.listDirectory(path, false).sort();
}

/** Like {@link listDirectory}, of its sub-directories alone. */
export function listSubdirectories(path: string): string[] {
  return native.listDirectory(path, true).sort();
}

/** stat(2). @returns undefined where nothing is at the path. @throws SyscallError `stat` */
export function statusOf(path: string): FileStatus | undefined {
  return statusOrNone(path, true);
}

/** Like {@link statusOf}, of a link itself. */
export function linkStatusOf(path: string): FileStatus | undefined {
  return statusOrNone(path, false);
}

/** fstat(2). @throws SyscallError `fstat` */
export function descriptorStatus(descriptor: number): FileStatus {
  return toStatus(native.descriptorStatus(descriptor));
}

/** @returns whether something is at the path, as far as that can be seen */
export function exists(path: string): boolean {
  return native.canAccess(path, 0);
}

/** access(2), with the real user. @param mode `X_OK`, `W_OK` */
export function canAccess(path: string, mode: number): boolean {
  return native.canAccess(path, mode);
}

/** @returns whether what is at the path is what was opened. @throws SyscallError `stat`, `fstat` */
export function isSameFile(path: string, descriptor: number): boolean {
  return native.isSameFile(path, descriptor);
}

/** readlink(2). @throws SyscallError `readlink` */
export function readLink(path: string): string {
  return native.readLink(path);
}

/** realpath(3). @throws SyscallError `realpath` */
export function realPath(path: string): string {
  return native.realPath(path);
}

/** @returns the magic number of statfs(2). @throws SyscallError `fstatfs` */
export function fileSystemType(descriptor: number): number {
  return native.fileSystemType(descriptor);
}

/** chmod(2). @throws SyscallError `chmod` */
export function changeMode(path: string, mode: number): void {
  native.changeMode(path, mode);
}

function statusOrNone(path: string, follow: boolean): FileStatus | undefined {
  try {
    return toStatus(native.fileStatus(path, follow));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function toStatus([mode, uid, gid, size, modified]: FileNumbers): FileStatus {
  const type = mode & S_IFMT;
  return {
    type: type === S_IFDIR ? 'directory' : type === S_IFREG ? 'file' : 'other',
    mode: mode & 0o7777,
    uid,
    gid,
    size,
    modified,
  };
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof SyscallError ? error.code : undefined;
}
