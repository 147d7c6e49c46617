import { resolve } from '../path.ts';

/** @returns the path as one that no longer depends on the working directory, which may be gone if it never did */
export function absolute(path: string): string {
  return resolve(path.startsWith('/') ? '/' : process.cwd(), path);
}

/** Like {@link absolute}, for what may be left out. */
export function absoluteIfGiven(path: string | undefined): string | undefined {
  return path === undefined ? undefined : absolute(path);
}
