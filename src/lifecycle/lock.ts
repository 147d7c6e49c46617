import { constants } from 'node:os';
import { openInit } from './init-process.ts';
import type { Held, Store } from './store.ts';
import { checkTransition, type Verb } from './transitions.ts';

/**
 * Waits until nobody else changes the container. A create can hold it as long as its hooks like: that is not waited
 * for.
 *
 * @throws RuntimeError: no such container; one that is being created, which the verb refuses
 */
export async function lockUnlessCreating(store: Store, id: string, verb: Verb): Promise<Held> {
  const held = await store.tryLock(id);
  if (held !== undefined) return held;
  // No record yet is the first moment of a create.
  if (store.peek(id)?.stage !== 'created') checkTransition(verb, 'creating', id);
  return store.lock(id);
}

/**
 * Waits until nobody else changes the container, and ends the init of one that is being created, so that its create
 * fails and lets go.
 *
 * @throws RuntimeError: no such container
 */
export async function lockByForce(store: Store, id: string): Promise<Held> {
  const held = await store.tryLock(id);
  if (held !== undefined) return held;
  const record = store.peek(id);
  if (record?.stage === 'creating') {
    const init = openInit(record);
    init?.signal(constants.signals.SIGKILL);
    init?.close();
  }
  return store.lock(id);
}
