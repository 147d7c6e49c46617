import { RuntimeError } from '../error.ts';

const IN_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied: run it as root, or choose another directory with --root',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only: choose another directory with --root',
  ENOSPC: 'no space left on the file system',
  ENOTDIR: 'not a directory',
  EEXIST: 'something else is there',
  EISDIR: 'is a directory',
  ELOOP: 'it is a symbolic link, or there are too many of them',
  ENAMETOOLONG: 'the path is too long',
};

/** @returns the symbolic errno of a failed call, undefined for an error of another kind */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** @returns the error for people of something that was tried with a file in the state directory */
export function fileError(operation: string, path: string, cause: unknown): RuntimeError {
  const code = errnoOf(cause);
  const detail = code === undefined ? String(cause) : (IN_WORDS[code] ?? code);
  return new RuntimeError({ operation, detail, path, code, cause });
}
