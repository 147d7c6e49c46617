import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RuntimeError } from '../error.ts';
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
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw explain(bundle, path, cause);
  }
  try {
    return readOpened(descriptor, path);
  } finally {
    closeSync(descriptor);
  }
}

function readOpened(descriptor: number, path: string): Uint8Array {
  const status = fstatSync(descriptor);
  if (status.isDirectory()) throw refused(path, 'expected a file, got a directory', 'EISDIR');
  if (!status.isFile()) throw refused(path, 'expected a regular file');
  if (status.size > SIZE_LIMIT)
    throw refused(path, `expected at most ${SIZE_LIMIT} bytes, got ${status.size}`);
  const bytes = readFileSync(descriptor);
  if (bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) {
    throw refused(path, 'expected a configuration, got an empty file');
  }
  return bytes;
}

/** Why config.json could not be opened: the bundle is looked at only now. */
function explain(bundle: string, path: string, cause: unknown): RuntimeError {
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    let isDirectory = false;
    try {
      isDirectory = statSync(bundle).isDirectory();
    } catch {
      const detail = 'no such file or directory';
      return new RuntimeError({
        operation: `open bundle ${bundle}`,
        detail,
        path: bundle,
        code,
        cause,
      });
    }
    if (!isDirectory) {
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

/** The words of the platform, from between its symbolic name and the call: to load node:util for them takes 1 ms. */
function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: (.+?), /.exec(text)?.[1] ?? text;
}
