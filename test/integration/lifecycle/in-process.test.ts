/** The lifecycle as a long-lived program uses it: several containers in one process. */
import { closeSync, mkdirSync, openSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeContainer } from '../../../src/lifecycle/create.ts';
import { deleteContainer } from '../../../src/lifecycle/delete.ts';
import type { Context } from '../../../src/lifecycle/options.ts';
import { startContainer } from '../../../src/lifecycle/start.ts';
import { waitExitAsync } from '../../../src/syscalls/wait.ts';
import { needsHierarchy } from '../../lib/needs.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

async function runOnce(context: Context, nothing: number): Promise<void> {
  const { id, bundle } = sandbox().container();
  const options = { id, bundle, noPivot: false, noNewKeyring: false, preserveFds: 0 };
  const { init, held } = await makeContainer(context, {
    ...options,
    stdio: [nothing, nothing, nothing],
  });
  held.release();
  await startContainer(context, { id });
  await waitExitAsync(init.pidfd);
  closeSync(init.pidfd);
  await deleteContainer(context, { id, force: false });
}

test('containers leave no descriptor open in the process that made them', async () => {
  const context: Context = { root: sandbox().root, systemdCgroup: false, log: () => undefined };
  const nothing = openSync('/dev/null', 'r+');
  // The first one opens what the engine keeps.
  await runOnce(context, nothing);
  const before = readdirSync('/proc/self/fd').length;
  for (let round = 0; round < 3; round++) await runOnce(context, nothing);
  expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  closeSync(nothing);
});

test('a cgroup below a frozen one is refused, and nothing is left', async (context) => {
  needsHierarchy(context, 'freezer');
  const container = sandbox().container();
  const parent = `/sys/fs/cgroup/freezer${sandbox().cgroup}`;
  mkdirSync(parent);
  writeFileSync(`${parent}/freezer.state`, 'FROZEN');
  const { status, stderr } = await container.tryCreate();
  writeFileSync(`${parent}/freezer.state`, 'THAWED');
  rmdirSync(parent);
  expect(status).toBe(1);
  expect(stderr).toContain("container's cgroup unexpectedly frozen: a cgroup above it is");
  expect(sandbox().leftovers()).toEqual([]);
});
