import { RuntimeError } from '../error.ts';
import { findPlan } from './kept-plan.ts';
import type { ContainerRecord } from './record.ts';
import type { Store } from './store.ts';
import { withCgroups } from './with-cgroups.ts';

/**
 * Finds out why an init that is gone could not report what it failed for: the kernel has killed it, for want of memory
 * or because of a seccomp profile.
 *
 * @param error what is known so far
 * @returns an error that names the place in config.json, if there is one
 */
export async function explainDeath(
  store: Store,
  record: ContainerRecord,
  error: RuntimeError,
): Promise<RuntimeError> {
  if (error.pointer !== undefined) return error;
  const { operation, detail: known, path, code, cause } = error;
  if (await withCgroups(record.cgroup, (cgroups) => cgroups.hasOomKilled())) {
    const detail = 'the kernel has killed its init for want of memory: raise the limit';
    const pointer = '/linux/resources/memory/limit';
    return new RuntimeError({ operation, detail, pointer, code: 'ENOMEM', cause: error });
  }
  const plan = findPlan(store, record.id);
  const origin = plan?.steps.find(({ step }) => step.kind === 'seccomp')?.origin;
  if (origin?.from !== 'config') return error;
  const [pointer] = origin.pointers;
  return new RuntimeError({ operation, detail: known, pointer, path, code, cause });
}
