import { RuntimeError } from '../error.ts';
import { statusOf } from '../syscalls/files.ts';
import type { Context } from './options.ts';
import { ownerName } from './owner.ts';
import type { ContainerRecord } from './record.ts';
import { type ContainerState, describe } from './state.ts';
import { readCondition } from './status.ts';
import { openStore, type Store } from './store.ts';

/**
 * Tells how all containers are: `list`. One that is only half made or whose record is damaged is listed with what is
 * known of it, so that it can be found and deleted; damage goes to the log.
 *
 * @returns sorted by id
 */
export async function listContainers({ root, log }: Context): Promise<ContainerState[]> {
  const store = openStore(root);
  const states: ContainerState[] = [];
  for (const id of store.list()) {
    try {
      states.push(await lookAt(store, id));
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      // Deleted since we read the directory.
      if (error.code === 'ENOENT') continue;
      log('warning', `container ${id}: ${error.message}`);
      states.push(describeRemains(store, id, 'stopped'));
    }
  }
  return states;
}

async function lookAt(store: Store, id: string): Promise<ContainerState> {
  const record: ContainerRecord | undefined = store.peek(id);
  const condition = await readCondition(store, id, record);
  return record === undefined
    ? describeRemains(store, id, condition.status)
    : describe(record, condition);
}

/** Of a container without a (legible) record there is only its directory. */
function describeRemains(
  store: Store,
  id: string,
  status: ContainerState['status'],
): ContainerState {
  const directory = statusOf(store.directory(id));
  return {
    ociVersion: '',
    id,
    pid: 0,
    status,
    bundle: '',
    rootfs: '',
    created: directory === undefined ? '' : new Date(directory.modified).toISOString(),
    owner: directory === undefined ? '' : ownerName(directory.uid),
  };
}
