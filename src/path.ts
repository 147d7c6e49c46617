/*
 * Paths as texts: nothing here looks at the file system, so a name before `..` is dropped without asking whether it is
 * a symbolic link. The results are those of `node:path`, which the binary has not.
 */

/** @returns the path without `.`, doubled slashes, and `..` behind a name; a closing slash stays */
export function normalize(path: string): string {
  const isAbsolute = path.startsWith('/');
  // Nearly every path is normal already.
  if (isAbsolute && !path.includes('/.') && !path.includes('//')) return path;
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.length > 0 && names[names.length - 1] !== '..') names.pop();
    else if (!isAbsolute) names.push(name);
  }
  if (isAbsolute && names.length === 0) return '/';
  const root = isAbsolute ? '/' : '';
  const end = path.endsWith('/') ? '/' : '';
  return root + (names.join('/') || '.') + end;
}

/** @returns the path of `name` below `folder`, {@link normalize}d */
export function join(folder: string, name: string): string {
  if (folder === '') return normalize(name);
  return normalize(name === '' ? folder : `${folder}/${name}`);
}

/**
 * @param from an absolute path
 * @returns the absolute path that `path` means in the directory `from`, without a closing slash
 */
export function resolve(from: string, path: string): string {
  const found = path.startsWith('/') ? normalize(path) : join(from, path);
  return found.length > 1 && found.endsWith('/') ? found.slice(0, -1) : found;
}

/** @returns the path of the directory that the last name is in */
export function dirname(path: string): string {
  const end = path.lastIndexOf('/', lastOfName(path));
  if (end < 0) return '.';
  if (end === 0) return '/';
  // POSIX leaves to the system what two slashes at the beginning mean.
  return end === 1 && path.startsWith('//') ? '//' : path.slice(0, end);
}

/** @returns the last name of a path, empty where it has none */
export function basename(path: string): string {
  const last = lastOfName(path);
  return path.slice(path.lastIndexOf('/', last) + 1, last + 1);
}

/** Where the last name ends: before slashes that close the path. */
function lastOfName(path: string): number {
  let last = path.length - 1;
  while (last > 0 && path[last] === '/') last--;
  return last;
}
