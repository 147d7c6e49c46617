import { RuntimeError } from '../error.ts';
import { readText } from '../syscalls/files.ts';
import { codeOf, inWords } from './errno.ts';
import { type CgroupFacts, parseCgroupFacts } from './facts.ts';

/**
 * Looks up once which cgroup hierarchies are mounted where and which cgroups this process is in.
 *
 * @throws RuntimeError where /proc can't be read. A layout that is not supported is no failure here, but in
 *   `openCgroups`.
 */
export function readCgroupFacts(): CgroupFacts {
  return parseCgroupFacts(readProc('/proc/self/mountinfo'), readProc('/proc/self/cgroup'));
}

function readProc(path: string): string {
  try {
    return readText(path);
  } catch (cause) {
    const code = codeOf(cause);
    throw new RuntimeError({
      operation: `read ${path}`,
      detail: `${inWords(code)}: is /proc mounted`,
      path,
      code,
      cause,
    });
  }
}
