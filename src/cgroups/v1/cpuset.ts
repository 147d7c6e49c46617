import { RuntimeError } from '../../error.ts';
import { dirname } from '../../path.ts';
import { readText, writeFile } from '../../syscalls/files.ts';
import { codeOf, inWords } from '../errno.ts';
import type { CgroupDirectory } from './directory.ts';

const LISTS = ['cpus', 'mems'] as const;

/**
 * A new cpuset is empty, and a process can't join an empty one (ENOSPC): gives it what its parent has, from the
 * topmost new directory down. A parent that another runtime is just making may still be empty: it is filled too.
 *
 * @param firstMade the topmost directory that did not exist before; undefined where all did
 * @throws RuntimeError
 */
export function fillCpuset(directory: CgroupDirectory, firstMade: string | undefined): void {
  for (const list of LISTS) {
    try {
      fill(directory.path, list, firstMade);
    } catch (cause) {
      const code = codeOf(cause);
      throw new RuntimeError({
        operation: `copy the parent's cpuset.${list} to ${directory.path}`,
        detail: inWords(code),
        path: directory.path,
        code,
        cause,
      });
    }
  }
}

/** @returns the list that `path` has now; the root of the hierarchy is never empty, so that the way up ends there */
function fill(path: string, list: (typeof LISTS)[number], firstMade: string | undefined): string {
  const isNew = firstMade !== undefined && (path === firstMade || path.startsWith(`${firstMade}/`));
  const present = isNew ? '' : readList(path, list);
  if (present !== '') return present;
  const inherited = fill(dirname(path), list, firstMade);
  writeFile(`${path}/cpuset.${list}`, inherited, 0);
  return inherited;
}

/** Mounted with `cpuset_v2_mode`, the asked-for list may be empty while the effective one is not. */
function readList(path: string, list: string): string {
  const asked = readText(`${path}/cpuset.${list}`).trim();
  return asked === '' ? readEffective(path, list) : asked;
}

function readEffective(path: string, list: string): string {
  try {
    return readText(`${path}/cpuset.effective_${list}`).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}
