import { RuntimeError } from '../error.ts';
import type { PlanJson } from '../plan/print.ts';
import { readText } from '../syscalls/files.ts';
import type { ContainerRecord } from './record.ts';
import { withCgroups } from './with-cgroups.ts';

/**
 * Finds out why an init that is gone could not report what it failed for: the kernel has killed it, for want of memory
 * or because of a seccomp profile.
 *
 * @param planFile the kept plan of the container
 * @param error what is known so far
 * @returns an error that names the place in config.json, if there is one
 */
export async function explainDeath(
  record: ContainerRecord,
  planFile: string,
  error: RuntimeError,
): Promise<RuntimeError> {
  if (error.pointer !== undefined) return error;
  const { operation, detail: known, path, code, cause } = error;
  if (await withCgroups(record.cgroup, (cgroups) => cgroups.hasOomKilled())) {
    const detail = 'the kernel has killed its init for want of memory: raise the limit';
    const pointer = '/linux/resources/memory/limit';
    return new RuntimeError({ operation, detail, pointer, code: 'ENOMEM', cause: error });
  }
  const { steps } = JSON.parse(readText(planFile)) as PlanJson;
  const origin = steps.find(({ kind }) => kind === 'seccomp')?.origin;
  if (origin?.from !== 'config') return error;
  const [pointer] = origin.pointers;
  return new RuntimeError({ operation, detail: known, pointer, path, code, cause });
}
