import { RuntimeError } from '../error.ts';
import { resolve } from '../path.ts';
import { realPath, statusOf } from '../syscalls/files.ts';
import { errnoOf } from './fs-error.ts';

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT:
    'no such file or directory: unpack an image there, or correct the path, which starts in the bundle',
  EACCES: 'permission denied: a directory above it cannot be searched',
  ENOTDIR: 'not a directory: a part of the path is a file',
  ELOOP: 'too many levels of symbolic links',
};

/**
 * Finds the root file system of a bundle (config.md, "Root").
 *
 * @param path absolute, or relative to the bundle
 * @returns the absolute path without links; it is the helper that opens it
 * @throws RuntimeError where there is none, or it is no directory
 */
export function resolveRootfs(bundle: string, path: string): string {
  const given = resolve(bundle, path);
  const refuse = (detail: string, code: string | undefined, cause?: unknown) =>
    new RuntimeError({
      operation: `open the root file system ${given}`,
      detail,
      pointer: '/root/path',
      path: given,
      code,
      cause,
    });
  let found: string;
  let isDirectory: boolean;
  try {
    found = realPath(given);
    isDirectory = statusOf(found)?.type === 'directory';
  } catch (cause) {
    const code = errnoOf(cause);
    throw refuse(IN_WORDS[code ?? ''] ?? String(code), code, cause);
  }
  if (!isDirectory) throw refuse('not a directory: expected one, got a file', 'ENOTDIR');
  return found;
}
