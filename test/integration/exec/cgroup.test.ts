import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cgroupMounts } from '../../lib/cgroups.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { exec, started, tryExec } from './support.ts';

const sandbox = useSandbox();

const cgroupsInside = async (...args: Parameters<typeof exec>): Promise<Map<string, string>> => {
  const text = await exec(...args);
  return new Map(
    text.split('\n').map((line) => {
      const [, controllers = '', path = ''] = line.split(':');
      return [controllers, path];
    }),
  );
};
const OWN = ['cat', '/proc/self/cgroup'];

test('the process is in the cgroup of the container in every hierarchy', async () => {
  const container = await started(sandbox());
  const cgroups = await cgroupsInside(container, OWN);
  expect(new Set(cgroups.values())).toEqual(new Set([container.cgroup]));
});

test('--cgroup puts it below, in all hierarchies or in those of some controllers', async ({
  skip,
}) => {
  const container = await started(sandbox());
  const folders = cgroupMounts().map((mount) => join(mount, container.cgroup, 'below'));
  for (const folder of folders) {
    mkdirSync(folder);
    // A new cpuset is empty, and takes no process.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (!existsSync(join(folder, file))) continue;
      writeFileSync(join(folder, file), readFileSync(join(folder, '..', file)));
    }
  }
  const all = await cgroupsInside(container, OWN, '--cgroup', 'below');
  expect(new Set(all.values())).toEqual(new Set([`${container.cgroup}/below`]));
  skip(!all.has('memory') || !all.has('pids'), 'memory and pids have no v1 hierarchy here');
  const some = await cgroupsInside(container, OWN, '--cgroup', 'memory:/below');
  expect(some.get('memory')).toBe(`${container.cgroup}/below`);
  expect(some.get('pids')).toBe(container.cgroup);
  const out = await cgroupsInside(container, OWN, '--cgroup', 'memory:../../below');
  expect(out.get('memory')).toBe(`${container.cgroup}/below`);
  for (const folder of folders) rmdirSync(folder);
});

test('a cgroup that is not there is an error', async () => {
  const container = await started(sandbox());
  const missing = await tryExec(container, ['true'], ['--cgroup', 'missing']);
  expect(missing).toMatchObject({ status: 255 });
  expect(missing.stderr).toMatch(/exec failed: place the process: there is no cgroup .*missing/);
  const unknown = await tryExec(container, ['true'], ['--cgroup', 'nope:/']);
  expect(unknown.stderr).toContain('unknown controller nope');
});

test('a process of a container with a cgroup namespace sees itself at its root', async () => {
  const container = await started(sandbox(), { namespaces: [{ type: 'cgroup' }] });
  expect(new Set((await cgroupsInside(container, OWN)).values())).toEqual(new Set(['/']));
});
