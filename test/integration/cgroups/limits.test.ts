import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Resources } from '../../../src/spec/types.ts';
import {
  createForTest,
  directoryOf,
  facts,
  needFile,
  readLimit,
  startInside,
  startShell,
} from './support.ts';

const onlyLimits = { devices: false } as const;

function limited(resources: Resources) {
  const manager = createForTest();
  expect(manager.apply(resources, onlyLimits)).toEqual([]);
  return manager;
}

const MB = 1024 * 1024;

describe('memory', () => {
  test('sets each limit that the kernel keeps', (context) => {
    needFile(context, 'memory.memsw.limit_in_bytes');
    needFile(context, 'memory.kmem.tcp.limit_in_bytes');
    const manager = limited({
      memory: {
        limit: 64 * MB,
        swap: 128 * MB,
        reservation: 32 * MB,
        kernelTCP: 8 * MB,
        swappiness: 42,
        disableOOMKiller: true,
        useHierarchy: true,
      },
    });
    expect(readLimit(manager, 'memory.limit_in_bytes')).toBe(`${64 * MB}`);
    expect(readLimit(manager, 'memory.memsw.limit_in_bytes')).toBe(`${128 * MB}`);
    expect(readLimit(manager, 'memory.soft_limit_in_bytes')).toBe(`${32 * MB}`);
    expect(readLimit(manager, 'memory.kmem.tcp.limit_in_bytes')).toBe(`${8 * MB}`);
    expect(readLimit(manager, 'memory.swappiness')).toBe('42');
    expect(readLimit(manager, 'memory.oom_control')).toContain('oom_kill_disable 1');
    expect(readLimit(manager, 'memory.use_hierarchy')).toBe('1');
  });

  test.for<[string, number, number]>([
    ['raised', 64 * MB, 128 * MB],
    ['raised far above the old swap', 256 * MB, 512 * MB],
    ['lowered', 8 * MB, 16 * MB],
    ['lowered far below', MB, MB],
    ['taken away', -1, -1],
  ])('limit and swap can be %s together', ([, limit, swap], context) => {
    needFile(context, 'memory.memsw.limit_in_bytes');
    const manager = limited({ memory: { limit: 32 * MB, swap: 64 * MB } });
    manager.apply({ memory: { limit, swap } }, onlyLimits);
    const shown = (value: number): string => (value < 0 ? '9223372036854771712' : `${value}`);
    expect(readLimit(manager, 'memory.limit_in_bytes')).toBe(shown(limit));
    expect(readLimit(manager, 'memory.memsw.limit_in_bytes')).toBe(shown(swap));
  });

  test('an unlimited memory takes the limit of swap with it', (context) => {
    needFile(context, 'memory.memsw.limit_in_bytes');
    const manager = limited({ memory: { limit: 32 * MB, swap: 64 * MB } });
    manager.apply({ memory: { limit: -1 } }, onlyLimits);
    expect(readLimit(manager, 'memory.memsw.limit_in_bytes')).toBe('9223372036854771712');
  });

  test('a swap below the memory limit is refused, saying what swap counts', (context) => {
    needFile(context, 'memory.memsw.limit_in_bytes');
    const manager = createForTest();
    expect(() => manager.apply({ memory: { limit: 64 * MB, swap: 32 * MB } }, onlyLimits)).toThrow(
      `config.json /linux/resources/memory/swap: write ${32 * MB} to ${directoryOf(manager, 'memory')}/memory.memsw.limit_in_bytes: invalid argument: swap counts memory and swap together and must not be below memory.limit`,
    );
  });

  test('warns that the kernel ignores a limit of its own memory', (context) => {
    needFile(context, 'memory.kmem.limit_in_bytes');
    const warnings = createForTest().apply({ memory: { kernel: 64 * MB } }, onlyLimits);
    expect(warnings).toEqual([
      'config.json /linux/resources/memory/kernel: memory.kmem.limit_in_bytes has no effect: the kernel no longer limits its own memory apart from the rest: use memory.limit',
    ]);
  });

  test('checkBeforeUpdate refuses a limit below what is used', async () => {
    const manager = createForTest();
    const shell = startShell('x=$(head -c 4000000 /dev/zero | tr "\\0" x); echo full; read _');
    manager.join(shell.pid);
    shell.start();
    await shell.says('full');
    const memory = { limit: MB, checkBeforeUpdate: true };
    expect(() => manager.apply({ memory }, onlyLimits)).toThrow(
      /^config\.json \/linux\/resources\/memory\/limit: set memory\.limit_in_bytes to 1048576: the container already uses \d+, and checkBeforeUpdate is set$/,
    );
    expect(readLimit(manager, 'memory.limit_in_bytes')).toBe('9223372036854771712');
  });

  test('a limit below what can be freed is refused with the usage', async (context) => {
    needFile(context, 'memory.memsw.limit_in_bytes');
    const manager = limited({ memory: { limit: 64 * MB, swap: 64 * MB } });
    const shell = startShell('x=$(head -c 8000000 /dev/zero | tr "\\0" x); echo full; read _');
    manager.join(shell.pid);
    shell.start();
    await shell.says('full');
    manager.apply({ memory: { limit: 64 * MB } }, onlyLimits);
    expect(() => manager.apply({ memory: { limit: 4096 } }, onlyLimits)).toThrow(
      /memory\.limit_in_bytes: device or resource busy: what is in use cannot be brought below the new limit: raise it \(current usage: \d+, peak usage: \d+\)$/,
    );
  });

  test('a process that takes more than the limit is killed, and the manager knows', async (context) => {
    needFile(context, 'memory.memsw.limit_in_bytes');
    const manager = limited({ memory: { limit: 16 * MB, swap: 16 * MB } });
    expect(manager.hasOomKilled()).toBe(false);
    const shell = startShell('x=$(head -c 60000000 /dev/zero | tr "\\0" x); echo survived');
    manager.join(shell.pid);
    shell.start();
    expect(await shell.ended()).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(manager.hasOomKilled()).toBe(true);
  });
});

describe('cpu', () => {
  test('sets shares, bandwidth, burst and realtime', (context) => {
    needFile(context, 'cpu.cfs_burst_us');
    needFile(context, 'cpu.rt_runtime_us');
    const manager = limited({
      cpu: {
        shares: 512,
        period: 50_000,
        quota: 20_000,
        burst: 10_000,
        realtimePeriod: 500_000,
        realtimeRuntime: 1_000,
      },
    });
    expect(readLimit(manager, 'cpu.shares')).toBe('512');
    expect(readLimit(manager, 'cpu.cfs_period_us')).toBe('50000');
    expect(readLimit(manager, 'cpu.cfs_quota_us')).toBe('20000');
    expect(readLimit(manager, 'cpu.cfs_burst_us')).toBe('10000');
    expect(readLimit(manager, 'cpu.rt_period_us')).toBe('500000');
    expect(readLimit(manager, 'cpu.rt_runtime_us')).toBe('1000');
  });

  test('lowers a quota below the old burst, and raises both again', (context) => {
    needFile(context, 'cpu.cfs_burst_us');
    const manager = limited({ cpu: { quota: 50_000, burst: 40_000 } });
    manager.apply({ cpu: { quota: 5_000, burst: 4_000 } }, onlyLimits);
    expect(readLimit(manager, 'cpu.cfs_quota_us')).toBe('5000');
    manager.apply({ cpu: { quota: 80_000, burst: 70_000 } }, onlyLimits);
    expect(readLimit(manager, 'cpu.cfs_burst_us')).toBe('70000');
  });

  test('takes the quota away with -1', () => {
    const manager = limited({ cpu: { quota: 50_000 } });
    manager.apply({ cpu: { quota: -1 } }, onlyLimits);
    expect(readLimit(manager, 'cpu.cfs_quota_us')).toBe('-1');
  });

  test('makes a cgroup idle, and no longer idle with shares', (context) => {
    needFile(context, 'cpu.idle');
    const manager = limited({ cpu: { idle: 1, shares: 100 } });
    expect(readLimit(manager, 'cpu.idle')).toBe('1');
    manager.apply({ cpu: { idle: 0, shares: 300 } }, onlyLimits);
    expect(readLimit(manager, 'cpu.shares')).toBe('300');
  });

  test.each([1, 300_000])('refuses %d shares, which the kernel would change', (shares) => {
    expect(() => createForTest().apply({ cpu: { shares } }, onlyLimits)).toThrow(
      /^config\.json \/linux\/resources\/cpu\/shares: write \d+ to .*\/cpu\.shares: the kernel made it \d+: shares go from 2 to 262144$/,
    );
  });

  test('refuses a period that is too short', () => {
    expect(() => createForTest().apply({ cpu: { period: 500 } }, onlyLimits)).toThrow(
      /^config\.json \/linux\/resources\/cpu\/period: write 500 to .*: invalid argument: period goes from 1000 to 1000000 µs/,
    );
  });

  test('refuses realtime that the parent does not have', (context) => {
    needFile(context, 'cpu.rt_runtime_us');
    const cpu = { realtimePeriod: 1_000_000, realtimeRuntime: 990_000 };
    expect(() => createForTest().apply({ cpu }, onlyLimits)).toThrow(
      /cpu\/realtimeRuntime: write 990000 to .*: invalid argument: the parent cgroup grants less realtime/,
    );
  });
});

describe('cpuset', () => {
  test('narrows the processors of a process', async () => {
    const manager = limited({ cpu: { cpus: '0', mems: '0' } });
    expect(readLimit(manager, 'cpuset.cpus')).toBe('0');
    const shell = startShell('grep Cpus_allowed_list /proc/self/status');
    manager.join(shell.pid);
    shell.start();
    expect((await shell.ended()).output).toBe('Cpus_allowed_list:\t0\n');
  });

  test('refuses processors that the host does not have, naming those that it has', () => {
    expect(() => createForTest().apply({ cpu: { cpus: '0-4000' } }, onlyLimits)).toThrow(
      /cpu\/cpus: write 0-4000 to .*cpuset\.cpus: numerical result out of range: the host or the parent cgroup has other processors \(now [\d,-]+\)$/,
    );
  });
});

describe('pids', () => {
  test('a process beyond the limit can not be started', async () => {
    const manager = limited({ pids: { limit: 1 } });
    expect(readLimit(manager, 'pids.max')).toBe('1');
    const shell = startShell("exec sh -c '(true); echo started'");
    manager.join(shell.pid);
    shell.start();
    const { code, output } = await shell.ended();
    expect(output).toMatch(/cannot fork/i);
    expect(code).not.toBe(0);
  });

  test.each([-1, 0])('a limit of %d is none', (limit) => {
    const manager = limited({ pids: { limit: 7 } });
    manager.apply({ pids: { limit } }, onlyLimits);
    expect(readLimit(manager, 'pids.max')).toBe('max');
  });
});

describe('blockIO', () => {
  test('sets the weight under the name that this kernel has', (context) => {
    needFile(context, 'blkio.bfq.weight');
    expect(readLimit(limited({ blockIO: { weight: 200 } }), 'blkio.bfq.weight')).toBe('200');
  });

  test('throttles a disk, and no longer with a rate of 0', () => {
    const [major, minor] = firstDisk();
    const device = { major, minor, rate: 4096 };
    const manager = limited({
      blockIO: {
        throttleReadBpsDevice: [device],
        throttleWriteBpsDevice: [device],
        throttleReadIOPSDevice: [device],
        throttleWriteIOPSDevice: [device],
      },
    });
    for (const file of ['read_bps', 'write_bps', 'read_iops', 'write_iops']) {
      expect(readLimit(manager, `blkio.throttle.${file}_device`)).toBe(`${major}:${minor} 4096`);
    }
    manager.apply({ blockIO: { throttleReadBpsDevice: [{ ...device, rate: 0 }] } }, onlyLimits);
    expect(readLimit(manager, 'blkio.throttle.read_bps_device')).toBe('');
  });

  test('refuses a disk that does not exist', () => {
    const blockIO = { throttleReadBpsDevice: [{ major: 99, minor: 0, rate: 1 }] };
    expect(() => createForTest().apply({ blockIO }, onlyLimits)).toThrow(
      /^config\.json \/linux\/resources\/blockIO\/throttleReadBpsDevice\/0: write 99:0 1 to .*: no such device: there is no such disk/,
    );
  });

  test('refuses leaf weights, which Linux has no more', () => {
    expect(() => createForTest().apply({ blockIO: { leafWeight: 10 } }, onlyLimits)).toThrow(
      /blockIO\/leafWeight: write 10 to .*: the kernel does not offer this file: leaf weights were removed/,
    );
  });

  test('refuses a weight that the kernel does not take', (context) => {
    needFile(context, 'blkio.bfq.weight');
    expect(() => createForTest().apply({ blockIO: { weight: 2000 } }, onlyLimits)).toThrow(
      /blockIO\/weight: write 2000 to .*blkio\.bfq\.weight: numerical result out of range: weights go from 1 to 1000$/,
    );
  });
});

describe('a controller that is not mounted', () => {
  const absent = (controller: string): boolean =>
    !facts.hierarchies.some(({ controllers }) => controllers.includes(controller));

  test.for<[string, string, Resources]>([
    ['hugetlb', '/hugepageLimits/0', { hugepageLimits: [{ pageSize: '2MB', limit: 4096 }] }],
    ['net_cls', '/network/classID', { network: { classID: 5 } }],
    [
      'net_prio',
      '/network/priorities/0',
      { network: { priorities: [{ name: 'lo', priority: 1 }] } },
    ],
    ['rdma', '/rdma/mlx', { rdma: { mlx: { hcaHandles: 1 } } }],
  ])('%s is named with the place in the config', ([controller, pointer, resources], context) => {
    context.skip(!absent(controller), `${controller} is mounted here: there is nothing to refuse`);
    const manager = createForTest();
    expect(() => manager.apply(resources, onlyLimits)).toThrow(
      new RegExp(
        `^config\\.json /linux/resources${pointer}: set ${controller}\\..*: the ${controller} cgroup controller is not mounted on this host: mount it, or leave the setting out$`,
      ),
    );
  });
});

describe('apply', () => {
  test('changes nothing when a value can not be said at all', () => {
    const manager = createForTest();
    const resources = { pids: { limit: 5 }, unified: { 'memory.max': '1' } };
    expect(() => manager.apply(resources, onlyLimits)).toThrow('/linux/resources/unified');
    expect(readLimit(manager, 'pids.max')).toBe('max');
  });

  test('uses the pointer that it is given', () => {
    expect(() =>
      createForTest().apply({ cpu: { shares: 1 } }, { ...onlyLimits, pointer: '' }),
    ).toThrow(/^config\.json \/cpu\/shares: /);
  });

  test('works while processes run', () => {
    const manager = createForTest();
    startInside(manager);
    manager.apply({ pids: { limit: 100 }, memory: { limit: 64 * MB } }, onlyLimits);
    expect(readLimit(manager, 'pids.max')).toBe('100');
  });
});

/** Major and minor of a disk; partitions and pseudo-disks have no limits. */
function firstDisk(): [number, number] {
  const name = readdirSync('/sys/block').find((entry) => existsSync(`/sys/block/${entry}/device`));
  if (name === undefined) throw new Error('no disk in /sys/block');
  const [major, minor] = readFileSync(`/sys/block/${name}/dev`, 'utf8').trim().split(':');
  return [Number(major), Number(minor)];
}
