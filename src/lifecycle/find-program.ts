import { join } from '../path.ts';
import { canAccess, statusOf, X_OK } from '../syscalls/files.ts';
import { errnoOf } from './fs-error.ts';

/** Where programs are looked for if PATH does not say. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * @param searchPath as PATH has it, colons between the directories
 * @returns where a program of that name lies, along that path; undefined where it does not
 */
export function findProgram(name: string, searchPath: string | undefined): string | undefined {
  return (searchPath || DEFAULT_PATH)
    .split(':')
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** Whether this process may execute the file (access(2)). */
export function isProgram(path: string): boolean {
  try {
    return statusOf(path)?.type === 'file' && canAccess(path, X_OK);
  } catch (error) {
    // What is above it is no directory, or may not be looked into.
    if (errnoOf(error) !== undefined) return false;
    throw error;
  }
}
