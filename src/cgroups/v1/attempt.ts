import { RuntimeError } from '../../error.ts';
import { codeOf, inWordsForCgroup } from '../errno.ts';
import type { CgroupDirectory } from './directory.ts';

/** Makes a call on a cgroup. @throws RuntimeError that names the operation and the cgroup */
export function attempt<T>(operation: string, directory: CgroupDirectory, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    const code = codeOf(cause);
    throw new RuntimeError({
      operation: `${operation} ${directory.path}`,
      detail:
        code === 'ENOSPC' ? 'its cpuset has no processors or memory nodes' : inWordsForCgroup(code),
      path: directory.path,
      code,
      cause,
    });
  }
}
