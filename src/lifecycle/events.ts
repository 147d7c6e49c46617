import type { CgroupManager, OomWatch } from '../cgroups/manager.ts';
import type { CgroupStats } from '../cgroups/stats.ts';
import { RuntimeError } from '../error.ts';
import { openMailbox } from './mailbox.ts';
import type { Context } from './options.ts';
import type { ContainerRecord } from './record.ts';
import { readCondition } from './status.ts';
import { openStore } from './store.ts';
import { checkTransition } from './transitions.ts';
import { openOwnCgroups, withOwnCgroups } from './with-cgroups.ts';

/** What a container has used, as runc tells it; see {@link CgroupStats} for the rules. */
export interface ContainerStats extends CgroupStats {
  /** Resource director technology: a container with such a class is refused at create. */
  readonly intel_rdt: Readonly<Record<string, never>>;
  /** Of interfaces that the runtime itself has made: it makes none. */
  readonly network_interfaces: readonly never[];
}

export interface StatsEvent {
  readonly type: 'stats';
  readonly id: string;
  readonly data: ContainerStats;
}

/** The container has run out of memory; the kernel has ended one of its processes, unless it was told not to. */
export interface OomEvent {
  readonly type: 'oom';
  readonly id: string;
}

export type ContainerEvent = StatsEvent | OomEvent;

export interface EventsOptions {
  readonly id: string;
  /** Between two looks at what the container has used; at least 1. */
  readonly intervalMs: number;
}

/** The longest time that a timer of the platform can take. */
const LONGEST_MS = 0x7fffffff;

/**
 * Tells what a container has used so far: `events --stats`.
 *
 * @throws RuntimeError: no such container, or not running
 */
export async function containerStats(context: Context, id: string): Promise<StatsEvent> {
  const record = await loadRunning(context, id);
  return withOwnCgroups(record, (cgroups) => statsOf(id, cgroups));
}

/**
 * Tells what happens to a container until it is deleted: `events`. Numbers come after each interval, also when it has
 * stopped meanwhile; that memory has run out is told when it happens.
 *
 * @throws RuntimeError: no such container, or not running
 */
export async function* containerEvents(
  context: Context,
  { id, intervalMs }: EventsOptions,
): AsyncGenerator<ContainerEvent, void, undefined> {
  const record = await loadRunning(context, id);
  const cgroups = await openOwnCgroups(record);
  const mail = openMailbox<'oom' | 'removed' | 'tick'>();
  let watch: OomWatch | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rearm = (): void => {
    timer = setTimeout(() => mail.put('tick'), Math.min(intervalMs, LONGEST_MS));
  };
  try {
    const opened = cgroups.watchOom();
    watch = opened;
    if (opened !== undefined) mail.follow(() => opened.next(), 'removed');
    rearm();
    for (;;) {
      const what = await mail.take();
      if (what === 'removed') return;
      if (what === 'oom') {
        yield { type: 'oom', id };
        continue;
      }
      const stats = statsUnlessGone(id, cgroups);
      if (stats === undefined) return;
      yield stats;
      rearm();
    }
  } finally {
    clearTimeout(timer);
    await watch?.close();
    cgroups.close();
  }
}

async function loadRunning({ root }: Context, id: string): Promise<ContainerRecord> {
  const store = openStore(root);
  const record = store.load(id);
  const { status } = await readCondition(store, id, record);
  checkTransition('events', status, id);
  return record;
}

function statsOf(id: string, cgroups: CgroupManager): StatsEvent {
  const data = { ...cgroups.stats(), intel_rdt: {}, network_interfaces: [] };
  return { type: 'stats', id, data };
}

/** Where memory is not watched, that the cgroup is gone shows here first. */
function statsUnlessGone(id: string, cgroups: CgroupManager): StatsEvent | undefined {
  try {
    return statsOf(id, cgroups);
  } catch (error) {
    if (error instanceof RuntimeError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
