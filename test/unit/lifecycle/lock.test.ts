import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lockUnlessCreating } from '../../../src/lifecycle/lock.ts';
import { openStore, type Store } from '../../../src/lifecycle/store.ts';
import { lockFile } from '../../../src/syscalls/lock.ts';
import { aContext, saveContainer } from './a-container.ts';

/** A container whose create was killed, and which somebody else has locked until we wait for it. */
async function lockedContainer(shared: boolean): Promise<Store> {
  const context = aContext();
  await saveContainer(context, { stage: 'creating' });
  const store = openStore(context.root);
  const directory = openSync(store.directory('web'), 'r');
  lockFile(directory, { shared });
  return {
    ...store,
    lock: (id) => {
      closeSync(directory);
      return store.lock(id);
    },
  };
}

test('somebody who only looks at a container is waited for, though its create was killed', async () => {
  const held = await lockUnlessCreating(await lockedContainer(true), 'web', 'delete');
  held.release();
});

test('a create that goes on is not waited for', async () => {
  await expect(lockUnlessCreating(await lockedContainer(false), 'web', 'start')).rejects.toThrow(
    /^cannot start a container that is still being created$/,
  );
});
