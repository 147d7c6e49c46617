import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cgroupMounts, readCgroup } from '../lib/cgroups.ts';
import { needsHierarchy } from '../lib/needs.ts';
import { observe } from '../lib/observe.ts';
import { startPiped } from '../lib/runtime.ts';
import { useSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const sandbox = useSandbox();

const hierarchy = (name: string): string => {
  const mount = cgroupMounts().find((path) => path.split('/').at(-1)?.split(',').includes(name));
  if (mount === undefined) throw new Error(`no hierarchy of ${name} is mounted`);
  return mount;
};

must('cgroups.absolute', async (context) => {
  needsHierarchy(context, 'memory');
  const container = sandbox().container({
    args: ['sleep', '1000'],
    linux: { resources: { pids: { limit: 77 }, memory: { limit: 67108864 } } },
  });
  await container.create();
  const { pid } = await container.state();
  expect(readCgroup('pids', container.cgroup, 'pids.max')).toBe('77');
  expect(readCgroup('memory', container.cgroup, 'memory.limit_in_bytes')).toBe('67108864');
  expect(readCgroup('pids', container.cgroup, 'cgroup.procs')).toBe(String(pid));
});

must('cgroups.same-place', async (context) => {
  needsHierarchy(context, 'pids');
  const first = sandbox().container({ args: ['sleep', '1000'] });
  const place = readCgroupOf.bind(undefined, 'pids');
  await first.create();
  const before = place((await first.state()).pid);
  await first.delete('--force');
  await first.create();
  expect(place((await first.state()).pid)).toBe(before);
});

function readCgroupOf(controller: string, pid: number): string {
  const line = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .split('\n')
    .find((text) => text.split(':')[1]?.split(',').includes(controller));
  return line?.split(':').slice(2).join(':') ?? '';
}

must('cgroups.relative', async (context) => {
  needsHierarchy(context, 'pids');
  const relative = `${sandbox().cgroup.slice(1)}/inner`;
  const container = sandbox().container({
    args: ['sleep', '1000'],
    linux: { cgroupsPath: relative, resources: { pids: { limit: 55 } } },
  });
  await container.create();
  const path = readCgroupOf('pids', (await container.state()).pid);
  expect(path.endsWith(`/${relative}`)).toBe(true);
  expect(readCgroup('pids', path, 'pids.max')).toBe('55');
  await container.delete('--force');
  expect(existsSync(join(hierarchy('pids'), path))).toBe(false);
});

must('cgroups.invalid', async () => {
  for (const cgroupsPath of ['/../../escape', '../escape', '/a\0b']) {
    const container = sandbox().container({ args: ['true'], linux: { cgroupsPath } });
    const { status } = await container.tryCreate();
    // Taken for invalid, or kept inside: the process is never outside of the hierarchy's root.
    if (status === 0)
      expect(readCgroupOf('pids', (await container.state()).pid)).not.toContain('..');
    await container.tryDelete('--force');
  }
});

must('cgroups.unfit', async (context) => {
  needsHierarchy(context, 'pids');
  const container = sandbox().container({ args: ['true'] });
  const folder = join(hierarchy('pids'), container.cgroup);
  mkdirSync(folder, { recursive: true });
  // A process in the way: the shell puts itself there and waits for the end of its input.
  const squatter = startPiped(
    ['-c', `echo $$ > ${folder}/cgroup.procs; echo there; read line`],
    {},
    'sh',
  );
  try {
    await squatter.stdout.until(/there/);
    expect((await container.tryCreate()).status).not.toBe(0);
    expect(readFileSync(join(folder, 'cgroup.procs'), 'utf8').trim()).toBe(String(squatter.pid));
  } finally {
    squatter.stdin.end();
    await squatter.status;
  }
  rmdirSync(folder);
});

must('allowed-devices.order', async (context) => {
  needsHierarchy(context, 'devices');
  const rules = (...devices: object[]) => ({ linux: { resources: { devices } } });
  const everything = { allow: false, access: 'rwm' };
  const memory = { type: 'c', major: 1, access: 'rwm' };
  const full = { type: 'c', major: 1, minor: 11, access: 'rwm' };
  const question = { seen: 'mknod /data/kmsg c 1 11 && head -c 0 /data/kmsg && echo open' };
  const process = {
    capabilities: Object.fromEntries(
      ['bounding', 'effective', 'permitted'].map((set) => [set, ['CAP_MKNOD', 'CAP_SYSLOG']]),
    ),
  };
  const allowed = await observe(sandbox(), question, {
    ...rules(everything, { allow: true, ...memory }),
    process,
  });
  expect(allowed.seen).toBe('open');
  const denied = await observe(sandbox(), question, {
    ...rules({ allow: true, ...full }, everything),
    process,
  });
  expect(denied.seen).toMatch(/not permitted/);
});

must('cpu.burst', async (context) => {
  needsHierarchy(context, 'cpu');
  const container = sandbox().container({
    linux: { resources: { cpu: { quota: 10000, period: 100000, burst: 20000 } } },
  });
  expect((await container.tryCreate()).status).not.toBe(0);
  expect(sandbox().leftovers()).toEqual([]);
});

must('block-io.weight', async () => {
  const container = sandbox().container({
    linux: { resources: { blockIO: { weightDevice: [{ major: 8, minor: 0 }] } } },
  });
  expect((await container.tryCreate()).status).not.toBe(0);
  expect(sandbox().leftovers()).toEqual([]);
});

must('intel-rdt.none', async () => {
  const container = sandbox().container({ linux: { intelRdt: { closID: 'x' } } });
  expect((await container.tryCreate()).status).not.toBe(0);
  expect(sandbox().leftovers()).toEqual([]);
});
