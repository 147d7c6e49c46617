import { openInit } from './init-process.ts';
import type { ContainerRecord } from './record.ts';
import { SIGKILL } from './signals.ts';
import { readCondition } from './status.ts';
import type { Held, Store } from './store.ts';
import { checkTransition, type Verb } from './transitions.ts';
import { withCgroups } from './with-cgroups.ts';

/**
 * Waits until nobody else changes the container. A create can hold it as long as its hooks like: that is not waited
 * for.
 *
 * @throws RuntimeError: no such container; one that is being created, which the verb refuses
 */
export async function lockUnlessCreating(store: Store, id: string, verb: Verb): Promise<Held> {
  const held = await store.tryLock(id);
  if (held !== undefined) return held;
  const record = store.peek(id);
  // `state` holds a container for a moment, and shared, to see whether its create still does.
  if (record?.stage !== 'created' && !(await store.isHeld(id))) return store.lock(id);
  // No record yet is the first moment of a create.
  const status =
    record?.stage === 'created' ? (await readCondition(store, id, record)).status : 'creating';
  checkTransition(verb, status, id);
  return store.lock(id);
}

/**
 * Waits until nobody else changes the container. Its processes are ended first, so that a create or start which waits
 * for a hook fails and lets go.
 *
 * @throws RuntimeError: no such container
 */
export async function lockByForce(store: Store, id: string): Promise<Held> {
  const held = await store.tryLock(id);
  if (held !== undefined) return held;
  const record = peekIfSound(store, id);
  if (record !== undefined) {
    const init = openInit(record);
    init?.signal(SIGKILL);
    init?.close();
    await withCgroups(record.cgroup, (cgroups) => cgroups.signalAll(SIGKILL));
  }
  return store.lock(id);
}

function peekIfSound(store: Store, id: string): ContainerRecord | undefined {
  try {
    return store.peek(id);
  } catch {
    // Damaged: whoever gets the lock says so.
    return undefined;
  }
}
