import { RuntimeError } from '../error.ts';
import { lockUnlessCreating } from './lock.ts';
import type { Context } from './options.ts';
import { readCondition } from './status.ts';
import { openStore } from './store.ts';
import { checkTransition } from './transitions.ts';
import { withOwnCgroups } from './with-cgroups.ts';

/**
 * Lets a paused container go on: `resume`.
 *
 * @throws RuntimeError: no such container, or not paused; a cgroup above the container's is frozen, and so keeps it
 */
export async function resumeContainer(context: Context, id: string): Promise<void> {
  const store = openStore(context.root);
  const held = await lockUnlessCreating(store, id, 'resume');
  try {
    const record = store.load(id);
    const { status } = await readCondition(store, id, record, held);
    checkTransition('resume', status, id);
    await withOwnCgroups(record, (cgroups) => {
      cgroups.thaw();
      if (cgroups.isFrozen()) throw frozenFromAbove(id);
    });
  } finally {
    held.release();
  }
}

function frozenFromAbove(id: string): RuntimeError {
  return new RuntimeError({
    operation: `resume container ${id}`,
    detail: 'a cgroup above its own is frozen: whoever has frozen that has to thaw it',
  });
}
