import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCgroup } from '../../lib/cgroups.ts';
import type { Section } from '../../lib/config.ts';
import { type Container, succeed } from '../../lib/container.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { cgroupDirectory, runToStop } from './support.ts';

const sandbox = useSandbox();

const MEBIBYTE = 1024 * 1024;

async function aContainer(resources: Section = {}): Promise<Container> {
  const container = sandbox().staticContainer('pause', { linux: { resources } });
  await container.create();
  await container.start();
  return container;
}

const tryUpdate = ({ id }: Pick<Container, 'id'>, ...flags: string[]) =>
  sandbox().run(['update', ...flags, id]);

async function update(container: Container, ...flags: string[]): Promise<void> {
  expect(await tryUpdate(container, ...flags)).toEqual({ status: 0, stdout: '', stderr: '' });
}

/** Text of a file of the container's cgroup; the controller is the beginning of its name. */
const read = ({ cgroup }: Container, file: string): string =>
  readCgroup(file.slice(0, file.indexOf('.')), cgroup, file);

/** `linux.resources` of the configuration that is kept. */
function kept({ id }: Container) {
  const text = readFileSync(join(sandbox().root, id, 'config.json'), 'utf8');
  return JSON.parse(text).linux.resources;
}

describe('every flag changes what the kernel holds to, and what is kept', () => {
  const cases: [flags: string[], files: Record<string, string>, kept: Section][] = [
    [['--blkio-weight', '500'], { 'blkio.bfq.weight': '500' }, { blockIO: { weight: 500 } }],
    [
      ['--cpu-period', '50000', '--cpu-quota', '20000', '--cpu-burst', '1000'],
      { 'cpu.cfs_period_us': '50000', 'cpu.cfs_quota_us': '20000', 'cpu.cfs_burst_us': '1000' },
      { cpu: { period: 50000, quota: 20000, burst: 1000 } },
    ],
    [['--cpu-share', '512'], { 'cpu.shares': '512' }, { cpu: { shares: 512 } }],
    [
      ['--cpu-rt-period', '500000'],
      { 'cpu.rt_period_us': '500000' },
      { cpu: { realtimePeriod: 500000 } },
    ],
    [['--cpu-idle', '1'], { 'cpu.idle': '1' }, { cpu: { idle: 1 } }],
    [
      ['--cpuset-cpus', '0', '--cpuset-mems', '0'],
      { 'cpuset.cpus': '0', 'cpuset.mems': '0' },
      { cpu: { cpus: '0', mems: '0' } },
    ],
    [
      ['--memory', '64m', '--memory-swap', '96m', '--memory-reservation', '32MiB'],
      {
        'memory.limit_in_bytes': `${64 * MEBIBYTE}`,
        'memory.memsw.limit_in_bytes': `${96 * MEBIBYTE}`,
        'memory.soft_limit_in_bytes': `${32 * MEBIBYTE}`,
      },
      { memory: { limit: 64 * MEBIBYTE, swap: 96 * MEBIBYTE, reservation: 32 * MEBIBYTE } },
    ],
    [
      ['--kernel-memory-tcp', '1m'],
      { 'memory.kmem.tcp.limit_in_bytes': `${MEBIBYTE}` },
      { memory: { kernelTCP: MEBIBYTE } },
    ],
    [['--pids-limit', '44'], { 'pids.max': '44' }, { pids: { limit: 44 } }],
    [['--pids-limit=-1'], { 'pids.max': 'max' }, { pids: { limit: -1 } }],
  ];
  test.for(cases)('%j', async ([flags, files, resources], { skip }) => {
    const container = await aContainer();
    for (const file of Object.keys(files)) {
      const directory = cgroupDirectory(file.slice(0, file.indexOf('.')), container.cgroup);
      skip(!existsSync(join(directory, file)), `this kernel has no ${file}`);
    }
    await update(container, ...flags);
    for (const [file, text] of Object.entries(files)) expect(read(container, file)).toBe(text);
    expect(kept(container)).toEqual(resources);
  });

  test('--cpu-rt-runtime, which the parent does not grant, is refused with the reason', async ({
    skip,
  }) => {
    const container = await aContainer();
    const file = join(cgroupDirectory('cpu', container.cgroup), 'cpu.rt_runtime_us');
    skip(!existsSync(file), 'this kernel has no cpu.rt_runtime_us');
    const { status, stderr } = await tryUpdate(container, '--cpu-rt-runtime', '900000');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^runts: the flag --cpu-rt-runtime: write 900000 to \S+: invalid argument: the parent cgroup grants less realtime: [^\n]*\n$/,
    );
  });

  test('--kernel-memory warns where the kernel no longer has such a limit', async () => {
    const container = await aContainer();
    const { status, stderr } = await tryUpdate(container, '--kernel-memory', '1m');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^(runts: warning: the flag --kernel-memory: [^\n]* no effect: .*\n)?$/);
  });

  test.each(['l3-cache-schema', 'mem-bw-schema'])('--%s is refused', async (flag) => {
    const { status, stderr } = await tryUpdate({ id: 'any' }, `--${flag}`, 'x');
    expect(status).toBe(1);
    expect(stderr).toBe(
      `runts: the flag --${flag} is not there yet: resource director technology is not supported\n`,
    );
  });
});

test('what is not given, or 0, stays as it was', async () => {
  const container = await aContainer({ memory: { limit: 64 * MEBIBYTE }, pids: { limit: 9 } });
  await update(container, '--memory', '0', '--cpu-share', '300', '--pids-limit', '0');
  expect(read(container, 'memory.limit_in_bytes')).toBe(`${64 * MEBIBYTE}`);
  expect(read(container, 'pids.max')).toBe('9');
  const before = kept(container);
  expect(before).toEqual({
    memory: { limit: 64 * MEBIBYTE },
    pids: { limit: 9 },
    cpu: { shares: 300 },
  });
  await update(container);
  expect(kept(container)).toEqual(before);
});

test('limits of memory, and of memory and swap, rise and fall together and are taken away', async () => {
  const container = await aContainer();
  const limits = (): string[] =>
    ['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'].map((file) => read(container, file));
  const none = limits();
  await update(container, '--memory', '32m', '--memory-swap', '32m');
  await update(container, '--memory', '256m', '--memory-swap', '512m');
  expect(limits()).toEqual([`${256 * MEBIBYTE}`, `${512 * MEBIBYTE}`]);
  await update(container, '--memory', '16m', '--memory-swap', '32m');
  expect(limits()).toEqual([`${16 * MEBIBYTE}`, `${32 * MEBIBYTE}`]);
  await update(container, '--memory', '-1');
  expect(limits()).toEqual(none);
  expect(kept(container).memory).toEqual({ limit: -1, swap: -1 });
});

test('a processor that a sub-cgroup uses is not taken away, and that is said', async ({ skip }) => {
  const container = await aContainer();
  const all = read(container, 'cpuset.cpus');
  skip(all === '0', 'this machine has one processor');
  const below = join(cgroupDirectory('cpuset', container.cgroup), 'below');
  mkdirSync(below);
  writeFileSync(join(below, 'cpuset.cpus'), all);
  const { status, stderr } = await tryUpdate(container, '--cpuset-cpus', '0');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^runts: the flag --cpuset-cpus: write 0 to \S+: device or resource busy: a sub-cgroup of the container uses one [^\n]*\n$/,
  );
  expect(read(container, 'cpuset.cpus')).toBe(all);
});

test('processes that cease to be idle have their shares again', async () => {
  const container = await aContainer({ cpu: { shares: 512 } });
  await update(container, '--cpu-idle', '1');
  await update(container, '--cpu-idle', '0');
  expect(read(container, 'cpu.shares')).toBe('512');
});

describe('--resources', () => {
  const resources = JSON.stringify({
    memory: { limit: 64 * MEBIBYTE },
    pids: { limit: 30 },
    cpu: { shares: 0, cpus: '' },
  });

  test('takes linux.resources from a file', async () => {
    const container = await aContainer();
    const file = join(sandbox().folder, 'resources.json');
    writeFileSync(file, resources);
    await update(container, `--resources=${file}`);
    expect(read(container, 'memory.limit_in_bytes')).toBe(`${64 * MEBIBYTE}`);
    expect(read(container, 'pids.max')).toBe('30');
    expect(kept(container)).toEqual({ memory: { limit: 64 * MEBIBYTE }, pids: { limit: 30 } });
  });

  test('takes it from standard input', async () => {
    const container = await aContainer();
    const args = ['update', '--resources', '-', container.id];
    succeed('update', await sandbox().run(args, { input: resources }));
    expect(read(container, 'pids.max')).toBe('30');
  });

  test('says file, line and pointer of all that is wrong, and changes nothing', async () => {
    const container = await aContainer();
    const before = read(container, 'pids.max');
    const input = '{"pids": {"limit": 5},\n "cpu": {"idle": 7, "cpus": "a"}}';
    const ended = await sandbox().run(['update', '-r', '-', container.id], { input });
    expect(ended).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'runts: standard input:2:29: /cpu/cpus: expected a list such as 0-3,7, got "a"\n' +
        'standard input:2:18: /cpu/idle: expected 0 or 1, got 7\n',
    });
    expect(read(container, 'pids.max')).toBe(before);
  });

  test('warns of unknown fields and does not keep them', async () => {
    const container = await aContainer();
    const input = '{"pids": {"limit": 5}, "foo": 1}';
    const ended = await sandbox().run(['update', '-r', '-', container.id], { input });
    expect(ended).toEqual({
      status: 0,
      stdout: '',
      stderr: 'runts: warning: standard input:1:31: /foo: unknown field, ignored\n',
    });
    expect(kept(container)).toEqual({ pids: { limit: 5 } });
  });

  test('is refused together with the flags that it stands for', async () => {
    const { stderr } = await tryUpdate({ id: 'any' }, '-r', '-', '--memory', '1m');
    expect(stderr).toBe(
      'runts: the flag --resources takes all limits from the file: leave the others out\n',
    );
  });

  test('says that the file is not there', async () => {
    const file = join(sandbox().folder, 'none.json');
    const { status, stderr } = await tryUpdate({ id: 'any' }, '-r', file);
    expect([status, stderr]).toEqual([1, `runts: open ${file}: no such file or directory\n`]);
  });

  test('leaves the list of devices alone where it is that of create', async () => {
    const devices = [
      { allow: false, access: 'rwm' },
      { allow: true, type: 'c', major: 10, minor: 200, access: 'rw' },
    ];
    const container = await aContainer({ devices });
    const before = read(container, 'devices.list');
    const input = JSON.stringify({ devices, pids: { limit: 7 } });
    succeed('update', await sandbox().run(['update', '-r', '-', container.id], { input }));
    expect(read(container, 'devices.list')).toBe(before);
    expect(before).toContain('c 10:200 rw');
  });

  test('replaces the list of devices while the container stands still', async () => {
    const container = await aContainer({ devices: [{ allow: false, access: 'rwm' }] });
    const devices = [
      { allow: false, access: 'rwm' },
      { allow: true, type: 'c', major: 10, minor: 229, access: 'rw' },
    ];
    const input = JSON.stringify({ devices });
    succeed('update', await sandbox().run(['update', '-r', '-', container.id], { input }));
    expect(read(container, 'devices.list')).toContain('c 10:229 rw');
    expect(kept(container).devices).toEqual(devices);
    expect((await container.state()).status).toBe('running');
  });
});

describe('all limits change or none', () => {
  test('what was written before the one that the kernel refuses is set back', async () => {
    const container = await aContainer({ cpu: { shares: 512 }, memory: { limit: 64 * MEBIBYTE } });
    const files = ['cpuset.cpus', 'cpu.shares', 'memory.limit_in_bytes', 'pids.max'];
    const all = (): string[] => files.map((file) => read(container, file));
    const [before, keptBefore] = [all(), kept(container)];
    const { status, stderr } = await tryUpdate(
      container,
      ...['--cpuset-cpus', '0', '--cpu-share', '99', '--memory', '1000', '--pids-limit', '5'],
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^runts: the flag --memory: write 1000 to \S+: device or resource busy: what is in use cannot be brought below the new limit: raise it \(current usage: \d+, peak usage: \d+\)\n$/,
    );
    expect(all()).toEqual(before);
    expect(kept(container)).toEqual(keptBefore);
  });

  test('idle, and the shares that it takes, are set back', async () => {
    const container = await aContainer({ cpu: { shares: 512 } });
    const { status } = await tryUpdate(container, '--cpu-idle', '1', '--cpu-period', '1');
    expect(status).toBe(1);
    expect([read(container, 'cpu.idle'), read(container, 'cpu.shares')]).toEqual(['0', '512']);
  });

  test('a value that can never be is told by its flag before anything is written', async () => {
    const container = await aContainer();
    const before = read(container, 'pids.max');
    const refused: [flags: string[], message: string][] = [
      [
        ['--blkio-weight', '5'],
        'the flag --blkio-weight: expected an integer from 10 to 1000, got 5',
      ],
      [
        ['--memory', '64m', '--memory-swap', '32m'],
        'the flag --memory-swap: expected memory and swap together, at least the limit of 67108864, got 33554432',
      ],
      [['--memory', 'x'], "invalid value for memory: invalid size: 'x'"],
      [['--cpu-period', 'x'], 'invalid value for cpu-period: expected an integer, got "x"'],
      [
        ['--memory', '18446744073709551616'],
        'the flag --memory: expected an integer of 64 bits, got 18446744073709551616',
      ],
    ];
    for (const [flags, message] of refused) {
      expect(await tryUpdate(container, '--pids-limit', '5', ...flags)).toEqual({
        status: 1,
        stdout: '',
        stderr: `runts: ${message}\n`,
      });
    }
    expect(read(container, 'pids.max')).toBe(before);
  });

  test('with checkBeforeUpdate a limit below what is in use is refused without a try', async () => {
    const container = await aContainer({
      memory: { limit: 64 * MEBIBYTE, checkBeforeUpdate: true },
    });
    const { stderr } = await tryUpdate(container, '--memory', '4096');
    expect(stderr).toMatch(
      /^runts: the flag --memory: set memory.limit_in_bytes to 4096: the container already uses \d+, and checkBeforeUpdate is set\n$/,
    );
  });
});

test('of several updates at once, one is last, for the kernel and for what is kept', async () => {
  const container = await aContainer();
  const limits = ['51', '52', '53', '54'];
  const all = await Promise.all(
    limits.map((limit) =>
      tryUpdate(container, '--pids-limit', limit, '--cpu-share', `${Number(limit) * 10}`),
    ),
  );
  expect(all.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
  const last = Number(read(container, 'pids.max'));
  expect(limits).toContain(`${last}`);
  expect(read(container, 'cpu.shares')).toBe(`${last * 10}`);
  expect(kept(container)).toEqual({ pids: { limit: last }, cpu: { shares: last * 10 } });
});

test('created and paused containers are updated, stopped ones and none are not', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  await update(container, '--pids-limit', '40');
  expect(read(container, 'pids.max')).toBe('40');
  await container.start();
  succeed('pause', await sandbox().run(['pause', container.id]));
  await update(container, '--pids-limit', '41');
  expect(read(container, 'pids.max')).toBe('41');
  expect((await container.state()).status).toBe('paused');

  const stopped = await runToStop(sandbox());
  expect((await tryUpdate(stopped, '--pids-limit', '5')).stderr).toBe(
    'runts: container not running: no such process\n',
  );
  expect((await tryUpdate({ id: 'nobody' }, '--pids-limit', '5')).stderr).toBe(
    'runts: container does not exist\n',
  );
});
