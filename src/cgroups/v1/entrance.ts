import { closeFile } from '../../syscalls/files.ts';
import { UNIFIED } from '../facts.ts';
import type { CgroupEntrance } from '../manager.ts';
import { attempt } from './attempt.ts';
import type { Directories } from './hierarchies.ts';

/** Opens what a process of one thread needs to join the cgroups by itself. @throws RuntimeError */
export function openEntrance(directories: Directories): CgroupEntrance {
  const tasks: number[] = [];
  try {
    for (const [name, directory] of directories) {
      if (name === UNIFIED) continue;
      tasks.push(attempt('open cgroup', directory, () => directory.openForWriting('tasks')));
    }
    const unified = directories.get(UNIFIED);
    return {
      tasks,
      directory: unified && attempt('open cgroup', unified, () => unified.duplicate()),
    };
  } catch (error) {
    for (const opened of tasks) closeFile(opened);
    throw error;
  }
}
