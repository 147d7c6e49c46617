import { RuntimeError } from '../error.ts';
import { resolve } from '../path.ts';

/**
 * @returns the path as one that no longer depends on the working directory, which may be gone if it never did
 * @throws RuntimeError for a relative path where the working directory has been removed (getcwd(3), ENOENT)
 */
export function absolute(path: string): string {
  return path.startsWith('/') ? resolve('/', path) : resolve(workingDirectory(path), path);
}

/** Like {@link absolute}, for what may be left out. */
export function absoluteIfGiven(path: string | undefined): string | undefined {
  return path === undefined ? undefined : absolute(path);
}

function workingDirectory(path: string): string {
  try {
    return process.cwd();
  } catch (cause) {
    const detail =
      'the working directory has been removed: change to another one, or name the path from /';
    throw new RuntimeError({ operation: `find ${path}`, detail, path, code: 'ENOENT', cause });
  }
}
