import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { reopenCgroups } from '../../../src/cgroups/open.ts';
import { printJson } from '../../../src/spec/print-json.ts';
import { cgroupMounts, readCgroup } from '../../lib/cgroups.ts';
import { type Container, succeed } from '../../lib/container.ts';
import { fileAppears } from '../../lib/files.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { runShell, runToStop } from './support.ts';

const sandbox = useSandbox();

const RUNC = '/usr/sbin/runc';
const MEBIBYTE = 1024 * 1024;

/** What nobody changes while no process of a cgroup runs. */
const settled = ({ cpu, cpuset, pids, blkio, hugetlb }: Record<string, unknown>) => ({
  cpu,
  cpuset,
  pids,
  blkio,
  hugetlb,
});

async function statsOf({ id }: Container) {
  const { stdout } = succeed('events', await sandbox().run(['events', '--stats', id]));
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return { text: stdout, event: JSON.parse(stdout) };
}

test('events --stats tells what the kernel counts and limits', async () => {
  const container = await runShell(sandbox(), 'dd if=/dev/zero of=/tmp/file bs=64k count=16', {
    linux: { resources: { memory: { limit: 64 * MEBIBYTE }, pids: { limit: 17 } } },
  });
  succeed('pause', await sandbox().run(['pause', container.id]));
  const read = (controller: string, file: string): string =>
    readCgroup(controller, container.cgroup, file);
  const { event } = await statsOf(container);
  expect(event).toMatchObject({
    type: 'stats',
    id: container.id,
    data: {
      cpu: { usage: { total: Number(read('cpuacct', 'cpuacct.usage')) } },
      cpuset: { sched_load_balance: 1, sched_relax_domain_level: -1 },
      memory: {
        usage: {
          limit: 64 * MEBIBYTE,
          max: Number(read('memory', 'memory.max_usage_in_bytes')),
          failcnt: Number(read('memory', 'memory.failcnt')),
        },
        raw: { pgfault: expect.any(Number), hierarchical_memory_limit: 64 * MEBIBYTE },
      },
      pids: { current: Number(read('pids', 'pids.current')), limit: 17 },
      hugetlb: {},
      intel_rdt: {},
      network_interfaces: [],
    },
  });
  // What the program has written to a file is its page cache.
  expect(event.data.memory.cache).toBeGreaterThanOrEqual(MEBIBYTE);
});

test('events --stats keeps all digits of what is no limit', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  const none = readCgroup('memory', container.cgroup, 'memory.limit_in_bytes');
  // A page of the disk's own bookkeeping may be charged to whoever has made a directory: then "cache" stands first.
  const { text } = await statsOf(container);
  expect(text).toMatch(new RegExp(`"memory":\\{("cache":[0-9]+,)?"usage":\\{"limit":${none},`));
});

test('the numbers of a cgroup are those that runc prints of it, in the same shape', async ({
  skip,
}) => {
  skip(!existsSync(RUNC), 'runc is not installed: there is nothing to compare with');
  const container = sandbox().container({
    args: ['sh', '-c', 'dd if=/bin/busybox of=/tmp/copy; sync; touch /data/ready; exec sleep 1000'],
    top: { ociVersion: '1.0.2' },
    linux: { resources: { memory: { limit: 64 * MEBIBYTE }, cpu: { quota: 50_000 } } },
  });
  const runc = (...args: string[]) => {
    const all = ['--root', join(sandbox().folder, 'runc'), ...args];
    return spawnSync(RUNC, all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  };
  try {
    spawnSync(
      RUNC,
      [
        '--root',
        join(sandbox().folder, 'runc'),
        'run',
        '--detach',
        '--bundle',
        container.bundle,
        container.id,
      ],
      { stdio: 'ignore' },
    );
    // What waits for a disk cannot be frozen.
    await fileAppears(join(container.rootfs, 'data/ready'));
    // Nothing is used while it stands still.
    runc('pause', container.id);
    const paths = cgroupMounts().map((mount) => [
      mount.split('/').at(-1) ?? '',
      join(mount, container.cgroup),
    ]);
    const manager = reopenCgroups({
      version: 1,
      paths: Object.fromEntries(paths.filter(([, path = '']) => existsSync(path))),
      parents: {},
      claimed: false,
    });
    const readTheirs = () => JSON.parse(runc('events', '--stats', container.id).stdout).data;
    let theirs = readTheirs();
    let ours: typeof theirs;
    // The period of CPU bandwidth in which it was frozen ends after that, and is counted then.
    for (let before: unknown; !isDeepStrictEqual(settled(theirs), before); ) {
      before = settled(theirs);
      ours = JSON.parse(printJson(manager.stats()));
      theirs = readTheirs();
    }
    manager.close();
    expect(ours.cpu.usage.total).toBeGreaterThan(0);
    expect(settled(ours)).toEqual(settled(theirs));
    expect(ours.memory.usage.limit).toBe(theirs.memory.usage.limit);
    // Pages are still given back while it stands still: the kernel settles such accounts later.
    expect(Object.keys(ours.memory)).toEqual(Object.keys(theirs.memory));
    expect(Object.keys(ours.memory.raw).sort()).toEqual(Object.keys(theirs.memory.raw).sort());
  } finally {
    runc('delete', '--force', container.id);
  }
});

test('events prints numbers after each interval, also of a stopped container, until it is deleted', async () => {
  const container = await runShell(sandbox());
  const events = sandbox().start(['events', '--interval', '20ms', container.id]);
  await events.stdout.until(/^({"type":"stats"[^\n]*\n){2}/);
  await container.kill('KILL');
  await container.ended();
  const before = events.stdout.text.split('\n').length;
  await events.stdout.until(new RegExp(`^([^\n]*\n){${before + 1}}`));
  await container.delete();
  expect(await events.status).toBe(0);
  expect(await events.stderr.end).toBe('');
});

test('events tells at once that memory has run out', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', 'dd if=/dev/zero of=/dev/null bs=100M count=1; sleep 1000'],
    linux: { resources: { memory: { limit: 20 * MEBIBYTE, swap: 20 * MEBIBYTE } } },
  });
  await container.create();
  const events = sandbox().start(['events', '--interval', '10ms', container.id]);
  // It listens by the time that it prints numbers.
  await events.stdout.until(/"stats"/);
  await container.start();
  const [line = ''] = await events.stdout.until(/^{"type":"oom".*\n/m);
  expect(JSON.parse(line)).toEqual({ type: 'oom', id: container.id });
  await container.delete('--force');
  expect(await events.status).toBe(0);
});

test('events says what is wrong', async () => {
  const { id } = await runToStop(sandbox());
  const refused: [args: string[], message: string][] = [
    [['nobody'], 'container does not exist'],
    [[id], `container with id ${id} is not running`],
    [['--stats', id], `container with id ${id} is not running`],
    [['--interval', '0s', id], 'duration interval must be greater than 0'],
    [['--interval=-1s', id], 'duration interval must be greater than 0'],
    [
      ['--interval', '5', id],
      'invalid value "5" for flag -interval: parse error: expected a duration such as "5s" or "500ms"',
    ],
  ];
  for (const [args, message] of refused) {
    expect(await sandbox().run(['events', ...args])).toEqual({
      status: 1,
      stdout: '',
      stderr: `runts: ${message}\n`,
    });
  }
});
