import { lockUnlessCreating } from './lock.ts';
import type { Context } from './options.ts';
import { readCondition } from './status.ts';
import { openStore } from './store.ts';
import { checkTransition } from './transitions.ts';
import { withOwnCgroups } from './with-cgroups.ts';

/**
 * Stops every process of a container, sub-cgroups too, until `resume`: `pause`. As with runc, one that has only been
 * created can be paused.
 *
 * @throws RuntimeError: no such container, or not running; a process that does not stop within two seconds, in which
 *   case all go on
 */
export async function pauseContainer(context: Context, id: string): Promise<void> {
  const store = openStore(context.root);
  const held = await lockUnlessCreating(store, id, 'pause');
  try {
    const record = store.load(id);
    const { status } = await readCondition(store, id, record, held);
    checkTransition('pause', status, id);
    await withOwnCgroups(record, (cgroups) => cgroups.freeze());
  } finally {
    held.release();
  }
}
