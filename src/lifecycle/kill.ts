import { RuntimeError } from '../error.ts';
import { SyscallError } from '../syscalls/error.ts';
import { openInit } from './init-process.ts';
import type { Context } from './options.ts';
import type { ContainerRecord } from './record.ts';
import { SIGKILL } from './signals.ts';
import { readCondition } from './status.ts';
import { openStore } from './store.ts';
import { checkTransition, notRunningError } from './transitions.ts';
import { withCgroups } from './with-cgroups.ts';

export interface KillOptions {
  readonly id: string;
  /** 0 to 64; 0 only asks whether there is somebody to signal. */
  readonly signal: number;
  /** Every process of the container's cgroup instead of init alone. */
  readonly all: boolean;
}

/**
 * Signals a container's init, or all of its processes: `kill` (runtime.md, "Kill").
 *
 * SIGKILL for a container without a pid namespace of its own goes to all, because nothing else would end the rest.
 *
 * @throws RuntimeError: no such container, or not running
 */
export async function killContainer(context: Context, options: KillOptions): Promise<void> {
  const { id, signal, all } = options;
  const store = openStore(context.root);
  const record = store.load(id);
  const { status } = await readCondition(store, id, record);
  checkTransition(all ? 'killAll' : 'kill', status, id);

  if (!all) signalInit(record, signal);
  const reachesAll = all || (signal === SIGKILL && !record.ownsPidNamespace);
  // A frozen process of cgroup v1 takes even SIGKILL only when it is thawed.
  const thaws = status === 'paused' && signal === SIGKILL;
  // For most signals there is nothing to do in the cgroups: what manages them is not even loaded.
  if (!reachesAll && !thaws) return;
  await withCgroups(record.cgroup, async (cgroups) => {
    if (reachesAll) await cgroups.signalAll(signal);
    if (thaws) cgroups.thawIfThere();
  });
}

function signalInit(record: ContainerRecord, signal: number): void {
  const init = openInit(record);
  if (init === undefined) throw notRunningError();
  try {
    if (!init.signal(signal)) throw notRunningError();
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    const { code } = cause;
    const detail = code === 'EPERM' ? 'operation not permitted: it runs as another user' : code;
    throw new RuntimeError({ operation: `signal container ${record.id}`, detail, code, cause });
  } finally {
    init.close();
  }
}
