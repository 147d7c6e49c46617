/** Words for the errors that calls on cgroup files give; the rest keep their symbolic name. */
const WORDS: Readonly<Record<string, string>> = {
  E2BIG: 'argument list too long',
  EACCES: 'permission denied',
  EAGAIN: 'resource temporarily unavailable',
  EBUSY: 'device or resource busy',
  EEXIST: 'file exists',
  EINVAL: 'invalid argument',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENODEV: 'no such device',
  ENOENT: 'no such file or directory',
  ENOMEM: 'cannot allocate memory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  EOPNOTSUPP: 'operation not supported',
  EPERM: 'operation not permitted',
  ERANGE: 'numerical result out of range',
  EROFS: 'read-only file system',
  ESRCH: 'no such process',
};

/** @returns the symbolic errno of a failed call; undefined for any other error */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
    return undefined;
  }
  // Linux has one number for both names, and the engines disagree on which to use.
  return error.code === 'ENOTSUP' ? 'EOPNOTSUPP' : error.code;
}

/** @returns the errno as people read it */
export function inWords(code: string | undefined): string {
  return code === undefined ? 'unknown error' : (WORDS[code] ?? code);
}

/** Like {@link inWords}, for a call on a cgroup: engines take "no such file or directory" for a missing program. */
export function inWordsForCgroup(code: string | undefined): string {
  return code === 'ENOENT' || code === 'ENODEV' ? 'the cgroup no longer exists' : inWords(code);
}
