import type { Context } from './options.ts';
import type { ContainerRecord } from './record.ts';
import { type Condition, readCondition } from './status.ts';
import { openStore } from './store.ts';
import type { Status } from './transitions.ts';

/** What `state` and `list` print of a container: the State of runtime.md, and runc's additions. */
export interface ContainerState {
  readonly ociVersion: string;
  readonly id: string;
  /** Of init as the host sees it; 0 where there is none (any more). */
  readonly pid: number;
  readonly status: Status;
  readonly bundle: string;
  readonly rootfs: string;
  readonly created: string;
  /** Left out where there are none, as runc does. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner: string;
}

/**
 * Tells how a container is: `state`.
 *
 * @throws RuntimeError: no such container; one that is half made; a record that is damaged
 */
export async function containerState({ root }: Context, id: string): Promise<ContainerState> {
  const store = openStore(root);
  const record = store.load(id);
  return describe(record, await readCondition(store, id, record));
}

/** @returns what is told of a container of this record in this condition */
export function describe(record: ContainerRecord, { pid, status }: Condition): ContainerState {
  const { ociVersion, id, bundle, rootfs, created, annotations, owner } = record;
  const noted = Object.keys(annotations).length > 0 ? { annotations } : {};
  return { ociVersion, id, pid, status, bundle, rootfs, created, ...noted, owner };
}

/**
 * The state as hooks read it on their standard input (config.md, "POSIX-platform Hooks").
 *
 * @param status of the moment, which the hook's kind decides
 * @param pid in the namespace of who reads it; 0 is left out
 * @returns JSON text
 */
export function hookState(record: ContainerRecord, status: Status, pid: number): string {
  const { ociVersion, id, bundle, annotations } = record;
  const running = pid === 0 ? {} : { pid };
  return JSON.stringify({ ociVersion, id, status, ...running, bundle, annotations });
}
