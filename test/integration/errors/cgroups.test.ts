/** What goes wrong with cgroups: on the host, and in the limits that people ask for. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cgroupMounts } from '../../lib/cgroups.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { expectError, inMountNamespace, runBelow } from './support.ts';

const sandbox = useSandbox();

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;
const DELEGATE =
  'making cgroups needs root, or a directory that was delegated to this user, on a writable mount';

/** Which hierarchy is tried first is the machine's business. */
const anyCgroup = (text: string): string => text.replace(/\/sys\/fs\/cgroup\/[\w,=]+/, 'HIERARCHY');

test('an ordinary user to whom no cgroup was delegated', async () => {
  const { bundle, id } = sandbox().container({ process: { capabilities: {} } });
  const root = join(sandbox().folder, 'own');
  mkdirSync(root);
  chmodSync(root, 0o777);
  const ended = await runBelow(sandbox(), NOBODY, ['run', '--bundle', bundle, id], root);
  expectError(
    sandbox(),
    { ...ended, stderr: anyCgroup(ended.stderr) },
    `runts run failed: config.json /linux/cgroupsPath: create cgroup HIERARCHYCGROUP: permission denied: ${DELEGATE}`,
  );
});

test('an ordinary user without a root directory of their own', async () => {
  const { bundle, id } = sandbox().container();
  mkdirSync(sandbox().root, { mode: 0o700 });
  const ended = await runBelow(sandbox(), NOBODY, ['run', '--bundle', bundle, id]);
  expectError(
    sandbox(),
    ended,
    'runts run failed: make DIR/state/ID: permission denied: run it as root, or choose another directory with --root',
  );
});

test('a /sys/fs/cgroup that is read-only, as in a container', async () => {
  const { bundle, id } = sandbox().container();
  const script = cgroupMounts()
    .map((path) => `mount -o remount,ro,bind ${path}`)
    .join('\n');
  const command = ['run', '--bundle', bundle, id];
  const ended = await runBelow(sandbox(), inMountNamespace(script), command);
  expectError(
    sandbox(),
    { ...ended, stderr: anyCgroup(ended.stderr) },
    `runts run failed: config.json /linux/cgroupsPath: create cgroup HIERARCHYCGROUP: read-only file system: ${DELEGATE}`,
  );
});

test('a host without cgroups', async () => {
  const { bundle, id } = sandbox().container();
  const script = cgroupMounts()
    .map((path) => `umount ${path}`)
    .join('\n');
  const command = ['run', '--bundle', bundle, id];
  expectError(
    sandbox(),
    await runBelow(sandbox(), inMountNamespace(script), command),
    'runts run failed: look for cgroups: no cgroup file system is mounted: mount the v1 controllers below /sys/fs/cgroup',
  );
});

test('a limit whose controller is not mounted', async () => {
  const { bundle, id } = sandbox().container({ linux: { resources: { pids: { limit: 10 } } } });
  const path = cgroupMounts().find((folder) => folder.endsWith('/pids')) ?? '';
  const command = ['run', '--bundle', bundle, id];
  expectError(
    sandbox(),
    await runBelow(sandbox(), inMountNamespace(`umount ${path}`), command),
    'runts run failed: config.json /linux/resources/pids/limit: set pids.max to 10: the pids cgroup controller is not mounted on this host: mount it, or leave the setting out',
  );
});

test('a memory limit below what is in use', async () => {
  const container = sandbox().container({
    linux: { resources: { memory: { limit: 16_384 } } },
  });
  const { status, stderr } = await container.run();
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^runts run failed: config\.json \/linux\/resources\/memory\/limit: write 16384 to \/sys\/fs\/cgroup\/memory\/\S+\/memory\.limit_in_bytes: device or resource busy: what is in use cannot be brought below the new limit: raise it \(current usage: \d+, peak usage: \d+\)\n$/,
  );
  expect(sandbox().leftovers()).toEqual([]);
});

test('processors that the host does not have', async () => {
  const container = sandbox().container({ linux: { resources: { cpu: { cpus: '4096' } } } });
  const { status, stderr } = await container.run();
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^runts run failed: config\.json \/linux\/resources\/cpu\/cpus: write 4096 to \S+\/cpuset\.cpus: numerical result out of range: the host or the parent cgroup has other processors \(now [\d,-]+\)\n$/,
  );
});
