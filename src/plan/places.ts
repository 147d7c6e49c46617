import { normalize } from '../path.ts';

/*
 * Paths inside the container are compared here by their text alone, to foresee which step touches which place. What
 * a path really leads to is found out by the helper, from the descriptor of the root.
 */

/** @returns a path of the container as an absolute one; early versions of the specification allow relative ones */
export function fromRoot(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** @returns the path without `.`, `..`, doubled or closing slashes: equal for equal texts only, never for opening */
export function comparable(path: string): string {
  const clean = normalize(fromRoot(path));
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** Whether `path` lies below `folder`; both are {@link comparable}. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '/' ? path !== '/' : path.startsWith(`${folder}/`);
}
