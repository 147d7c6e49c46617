import { RuntimeError } from '../error.ts';
import { readKeptPlan } from '../plan/read-kept.ts';
import type { Plan } from '../plan/step.ts';
import { readFile } from '../syscalls/files.ts';
import { checksum } from '../syscalls/identity.ts';
import type { Store } from './store.ts';

/**
 * Reads the plan by which a container was made.
 *
 * @throws RuntimeError: there is no plan of it yet, or one that this version cannot read
 */
export function readPlan(store: Store, id: string): Plan {
  const path = store.file(id, 'plan');
  let bytes: Uint8Array;
  try {
    bytes = readFile(path);
  } catch (cause) {
    throw new RuntimeError({
      operation: `read ${path}`,
      detail: 'there is no plan to read: the create of this container goes on, or was killed',
      path,
      cause,
    });
  }
  return readKeptPlan(bytes, checksum);
}

/** Like {@link readPlan}, for those who can say without it what they have to say. @returns undefined where that throws */
export function findPlan(store: Store, id: string): Plan | undefined {
  try {
    return readPlan(store, id);
  } catch (error) {
    if (error instanceof RuntimeError) return undefined;
    throw error;
  }
}
