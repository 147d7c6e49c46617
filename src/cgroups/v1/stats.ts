import { RuntimeError } from '../../error.ts';
import { exists, listDirectory } from '../../syscalls/files.ts';
import { codeOf, inWordsForCgroup } from '../errno.ts';
import type { CgroupStats } from '../stats.ts';
import { type CgroupDirectory, isGone } from './directory.ts';
import { type Directories, findController } from './hierarchies.ts';
import { blockIoStats } from './stats-block-io.ts';
import { cpuStats, cpusetStats } from './stats-cpu.ts';
import { hugetlbStats, memoryStats, pidsStats } from './stats-memory.ts';
import type { ReadFile } from './stats-text.ts';

const CONTROLLERS = ['cpuacct', 'cpu', 'cpuset', 'memory', 'pids', 'blkio', 'hugetlb'] as const;

/**
 * Reads what the container has used. A controller that is not mounted counts nothing: all of its numbers are zero.
 *
 * @throws RuntimeError where a cgroup is gone
 */
export function readStats(directories: Directories): CgroupStats {
  const find = (controller: (typeof CONTROLLERS)[number]) =>
    findController(directories, controller);
  const stats = {
    cpu: cpuStats(readerOf(find('cpuacct')), readerOf(find('cpu'))),
    cpuset: cpusetStats(readerOf(find('cpuset'))),
    memory: memoryStats(readerOf(find('memory'))),
    pids: pidsStats(readerOf(find('pids'))),
    blkio: blockIoStats(readerOf(find('blkio'))),
    hugetlb: hugetlbStats(readerOf(find('hugetlb')), namesIn(find('hugetlb'))),
  };
  // Afterwards: of a cgroup that goes away between two files, nothing is left to be read, which looks like zero.
  for (const directory of CONTROLLERS.map(find)) {
    if (directory !== undefined && !exists(directory.path)) throw readError(directory, 'ENOENT');
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
    return listDirectory(directory.path);
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
