import { RuntimeError } from '../error.ts';
import { join } from '../path.ts';
import { SyscallError } from '../syscalls/error.ts';
import {
  closeFile,
  descriptorStatus,
  type FileStatus,
  O_NONBLOCK,
  O_RDONLY,
  openFile,
  readDescriptor,
  statusOf,
} from '../syscalls/files.ts';
import { type ParsedSpec, parseSpec } from './parse.ts';

const FILE = 'config.json';

/** A configuration takes kilobytes; reading something endless as root should end before the memory does. */
const SIZE_LIMIT = 64 * 1024 * 1024;

export interface ReadSpec extends ParsedSpec {
  /** The file as it was; nothing reads it a second time. */
  readonly bytes: Uint8Array;
}

/**
 * Reads and validates the configuration of a bundle: the one place of this part that does I/O.
 *
 * @param bundle path of the directory with config.json
 * @throws RuntimeError with one line: no bundle, no config.json, an unreadable or empty one, not JSON
 * @throws SpecError with a line for each failure
 */
export function readSpec(bundle: string): ReadSpec {
  const bytes = readConfig(bundle);
  return { ...parseSpec(bytes, FILE), bytes };
}

function readConfig(bundle: string): Uint8Array {
  const path = join(bundle, FILE);
  let descriptor: number;
  try {
    // A FIFO would keep the caller waiting for its writer.
    descriptor = openFile(path, O_RDONLY | O_NONBLOCK);
  } catch (cause) {
    throw explain(bundle, path, cause);
  }
  try {
    return readOpened(descriptor, path);
  } finally {
    closeFile(descriptor);
  }
}

function readOpened(descriptor: number, path: string): Uint8Array {
  const status = descriptorStatus(descriptor);
  if (status.type === 'directory')
    throw refused(path, 'expected a file, got a directory', 'EISDIR');
  if (status.type !== 'file') throw refused(path, 'expected a regular file');
  if (status.size > SIZE_LIMIT)
    throw refused(path, `expected at most ${SIZE_LIMIT} bytes, got ${status.size}`);
  const bytes = readDescriptor(descriptor);
  // Nearly always the first byte decides.
  if (isSpace(bytes[0] ?? 0x20) && bytes.every(isSpace)) {
    throw refused(path, 'expected a configuration, got an empty file');
  }
  return bytes;
}

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** Why config.json could not be opened: the bundle is looked at only now. */
function explain(bundle: string, path: string, cause: unknown): RuntimeError {
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const type = typeOf(bundle);
    if (type === undefined) {
      const detail = 'no such file or directory';
      return new RuntimeError({
        operation: `open bundle ${bundle}`,
        detail,
        path: bundle,
        code,
        cause,
      });
    }
    if (type !== 'directory') {
      const detail = 'expected a directory, got a file';
      return new RuntimeError({
        operation: `open bundle ${bundle}`,
        detail,
        path: bundle,
        code: 'ENOTDIR',
        cause,
      });
    }
    return refused(path, 'the bundle has no config.json (`runts spec` writes one)', code, cause);
  }
  return refused(path, describe(cause), code, cause);
}

function refused(path: string, detail: string, code?: string, cause?: unknown): RuntimeError {
  return new RuntimeError({ operation: `read ${path}`, detail, path, code, cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function describe(error: unknown): string {
  return error instanceof SyscallError ? error.words : String(error);
}

function typeOf(path: string): FileStatus['type'] | undefined {
  try {
    return statusOf(path)?.type;
  } catch {
    // What is above it is no directory, or may not be looked into.
    return undefined;
  }
}
