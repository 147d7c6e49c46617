import { RuntimeError } from '../error.ts';
import { detachHostMounts } from './host-mounts.ts';
import { type InitProcess, openInit } from './init-process.ts';
import { lockByForce, lockUnlessCreating } from './lock.ts';
import type { Context } from './options.ts';
import { runPoststopHooks } from './poststop.ts';
import type { ContainerRecord } from './record.ts';
import { SIGKILL } from './signals.ts';
import { readCondition } from './status.ts';
import { type Held, openStore, type Store } from './store.ts';
import { checkTransition } from './transitions.ts';
import { withCgroups } from './with-cgroups.ts';

export interface DeleteOptions {
  readonly id: string;
  /** Also one that runs, that is half made or whose record is damaged; and none at all is fine. */
  readonly force: boolean;
  /** The container that is meant: by now somebody may have deleted it, and another one may have its id. */
  readonly only?: ContainerRecord;
}

/** How long the end of a killed process may take; one that waits for a dead disk may never end. */
const PATIENCE_MS = 10_000;

/**
 * Removes a container with all that was made for it: `delete` (runtime.md, "Delete"). Its poststop hooks run last;
 * one that fails is logged and changes nothing.
 *
 * @throws RuntimeError: no such container; not stopped; something that could not be removed, in which case the
 *   directory stays, so that it can be tried again
 */
export async function deleteContainer(
  context: Context,
  { id, force, only }: DeleteOptions,
): Promise<void> {
  const store = openStore(context.root);
  const held = await hold(store, id, force, only !== undefined);
  if (held === undefined) return;
  try {
    const record = await readRecord(context, store, id, force);
    if (only !== undefined && isAnother(record, only)) return;
    const { status, pid } = await readCondition(store, id, record, held);
    checkTransition(force ? 'forceDelete' : 'delete', status, id);
    await endAndRemove(record, pid === 0 ? undefined : openInit(record));
    await detachHostMounts(record);
    store.remove(id);
    await runPoststopHooks(context, record);
  } finally {
    held.release();
  }
}

/** A record that was damaged may have lost its pid: then it is the one that is meant, as far as anybody can tell. */
function isAnother({ pid, startTime }: ContainerRecord, only: ContainerRecord): boolean {
  return pid !== 0 && (pid !== only.pid || startTime !== only.startTime);
}

async function hold(
  store: Store,
  id: string,
  force: boolean,
  waits: boolean,
): Promise<Held | undefined> {
  try {
    // Nobody is ended for the lock before it is known who that is.
    if (waits) return await store.lock(id);
    return await (force ? lockByForce(store, id) : lockUnlessCreating(store, id, 'delete'));
  } catch (error) {
    const isMissing = error instanceof RuntimeError && error.code === 'ENOENT';
    if (isMissing && force) return undefined;
    throw error;
  }
}

/** Without force what cannot be believed is an error; by force the best is made of it. */
async function readRecord(
  { log }: Context,
  store: Store,
  id: string,
  force: boolean,
): Promise<ContainerRecord> {
  if (!force) return store.load(id);
  try {
    const record = store.peek(id);
    if (record !== undefined) return record;
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    log('warning', error.message);
  }
  const { salvageRecord } = await import('./salvage.ts');
  return salvageRecord(store, id);
}

/** @param init undefined where it has ended */
async function endAndRemove(record: ContainerRecord, init: InitProcess | undefined): Promise<void> {
  try {
    init?.signal(SIGKILL);
    if (record.cgroup === null) await waitForEnd(init, record);
    await withCgroups(record.cgroup, async (cgroups) => {
      // With the init of a pid namespace the kernel has ended all others in it.
      if (init === undefined && record.ownsPidNamespace && cgroups.removeEmpty()) return;
      // A frozen process of cgroup v1 takes even SIGKILL only when it is thawed.
      if (cgroups.isFrozen()) cgroups.thawIfThere();
      // For the same reason mostly nobody is left to be ended then.
      if (record.ownsPidNamespace) await waitForEnd(init, record);
      await cgroups.kill(PATIENCE_MS);
      await waitForEnd(init, record);
      await cgroups.remove();
    });
  } finally {
    init?.close();
  }
}

async function waitForEnd(init: InitProcess | undefined, { pid }: ContainerRecord): Promise<void> {
  if (init === undefined || (await init.ended(PATIENCE_MS))) return;
  throw new RuntimeError({
    operation: '',
    detail: `container init still running: process ${pid} did not end within ${PATIENCE_MS / 1000} s of SIGKILL`,
  });
}
