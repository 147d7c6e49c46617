import { existsSync, readdirSync } from 'node:fs';
import { RuntimeError } from '../../error.ts';
import { codeOf, inWordsForCgroup } from '../errno.ts';
import type { CgroupStats } from '../stats.ts';
import { type CgroupDirectory, isGone } from './directory.ts';
import { type Directories, findController } from './hierarchies.ts';
import { blockIoStats } from './stats-block-io.ts';
import { cpuStats, cpusetStats } from './stats-cpu.ts';
import { hugetlbStats, memoryStats, pidsStats } from './stats-memory.ts';
import type { ReadFile } from './stats-text.ts';

/**
 * Reads what the container has used. A controller that is not mounted counts nothing: all of its numbers are zero.
 *
 * @throws RuntimeError where a cgroup is gone
 */
export function readStats(directories: Directories): CgroupStats {
  const of = (controller: string): ReadFile => readerOf(findController(directories, controller));
  const hugetlb = findController(directories, 'hugetlb');
  const stats = {
    cpu: cpuStats(of('cpuacct'), of('cpu')),
    cpuset: cpusetStats(of('cpuset')),
    memory: memoryStats(of('memory')),
    pids: pidsStats(of('pids')),
    blkio: blockIoStats(of('blkio')),
    hugetlb: hugetlbStats(readerOf(hugetlb), namesIn(hugetlb)),
  };
  // Afterwards, because of a cgroup that goes away between two files all that is left to be read is nothing.
  for (const directory of directories.values()) {
    if (!existsSync(directory.path)) throw readError(directory, 'ENOENT');
  }
  return stats;
}

function readerOf(directory: CgroupDirectory | undefined): ReadFile {
  return (file) => {
    try {
      return directory?.read(file);
    } catch (error) {
      if (error instanceof RuntimeError) throw error;
      // Some kernels offer a file and know no answer: what the scheduler of the disk does not count.
      if (isGone(error) || codeOf(error) === 'EOPNOTSUPP') return undefined;
      throw readError(directory, codeOf(error), file, error);
    }
  };
}

function namesIn(directory: CgroupDirectory | undefined): readonly string[] {
  if (directory === undefined) return [];
  try {
    return readdirSync(directory.path);
  } catch (error) {
    throw readError(directory, codeOf(error), '', error);
  }
}

function readError(
  directory: CgroupDirectory | undefined,
  code: string | undefined,
  file = '',
  cause?: unknown,
): RuntimeError {
  const path = `${directory?.path ?? ''}${file && `/${file}`}`;
  return new RuntimeError({
    operation: `read ${path}`,
    detail: inWordsForCgroup(code),
    path,
    code,
    cause,
  });
}
