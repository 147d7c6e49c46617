import { describe, expect, test } from 'vitest';
import { compileResources } from '../../../src/cgroups/resources/compile.ts';
import type { Resources } from '../../../src/spec/types.ts';

/** `file=value` of each group's members, the pointers by file. */
const files = (resources: Resources) =>
  compileResources(resources, '/r').map((group) =>
    group.map(({ files: [file], value }) => `${file}=${value}`).join(' '),
  );
const pointers = (resources: Resources) =>
  compileResources(resources, '/r').flatMap((group) => group.map(({ pointer }) => pointer));

describe('compileResources', () => {
  test('writes nothing for nothing', () => {
    expect(files({})).toEqual([]);
    expect(
      files({ memory: {}, cpu: {}, blockIO: {}, hugepageLimits: [], network: {}, rdma: {} }),
    ).toEqual([]);
  });

  test('skips zeros that stand for "not given"', () => {
    const memory = { limit: 0, swap: 0, reservation: 0, kernel: 0, kernelTCP: 0 };
    const cpu = { shares: 0, quota: 0, period: 0, realtimePeriod: 0, realtimeRuntime: 0, cpus: '' };
    expect(files({ memory, cpu, blockIO: { weight: 0, leafWeight: 0 } })).toEqual([]);
    expect(files({ network: { classID: 0, priorities: [] } })).toEqual([]);
  });

  test('writes zeros that mean something', () => {
    expect(files({ memory: { swappiness: 0 } })).toEqual(['memory.swappiness=0']);
    expect(files({ cpu: { idle: 0, burst: 0 } })).toEqual(['cpu.idle=0', 'cpu.cfs_burst_us=0']);
    expect(
      files({ blockIO: { throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 0 }] } }),
    ).toEqual(['blkio.throttle.read_bps_device=8:0 0']);
  });

  test('keeps values that the kernel compares in one group', () => {
    expect(files({ memory: { limit: 10, swap: 20 } })).toEqual([
      'memory.limit_in_bytes=10 memory.memsw.limit_in_bytes=20',
    ]);
    expect(files({ cpu: { burst: 1, quota: 2000, period: 3000 } })).toEqual([
      'cpu.cfs_period_us=3000 cpu.cfs_quota_us=2000 cpu.cfs_burst_us=1',
    ]);
    expect(files({ cpu: { realtimeRuntime: 1, realtimePeriod: 2 } })).toEqual([
      'cpu.rt_period_us=2 cpu.rt_runtime_us=1',
    ]);
  });

  test('lifts the limit of memory and swap with an unlimited memory, where the kernel has one', () => {
    const [group] = compileResources({ memory: { limit: -1 } }, '/r');
    expect(group?.[1]).toMatchObject({ files: ['memory.memsw.limit_in_bytes'], value: '-1' });
    expect(group?.[1]?.optional).toBe(true);
  });

  test('sets shares before a cgroup becomes idle and after it has ceased to be', () => {
    expect(files({ cpu: { shares: 100, idle: 1 } })).toEqual(['cpu.shares=100 cpu.idle=1']);
    expect(files({ cpu: { shares: 100, idle: 0 } })).toEqual(['cpu.idle=0 cpu.shares=100']);
  });

  test('writes 64-bit values without rounding', () => {
    expect(files({ memory: { limit: 9_223_372_036_854_771_712n } })).toEqual([
      'memory.limit_in_bytes=9223372036854771712',
    ]);
  });

  test('takes a swappiness of -1 in 64 bits for none, and refuses what the spec does not allow', () => {
    expect(files({ memory: { swappiness: 2n ** 64n - 1n } })).toEqual([]);
    expect(() => files({ memory: { swappiness: 101 } })).toThrow(
      'config.json /r/memory/swappiness: set memory.swappiness: invalid memory swappiness value: 101 (valid range is 0-100)',
    );
  });

  test.each([
    [100, '100'],
    [-1, 'max'],
    [0, 'max'],
  ])('writes a pids limit of %d as %s', (limit, value) => {
    expect(files({ pids: { limit } })).toEqual([`pids.max=${value}`]);
  });

  test('writes huge page limits, and those of reserved pages where the kernel counts them', () => {
    const groups = compileResources({ hugepageLimits: [{ pageSize: '2MB', limit: 4096 }] }, '/r');
    expect(
      groups.map(
        ([
          {
            files: [file],
            optional,
          },
        ]) => [file, optional],
      ),
    ).toEqual([
      ['hugetlb.2MB.limit_in_bytes', undefined],
      ['hugetlb.2MB.rsvd.limit_in_bytes', true],
    ]);
  });

  test('writes network and rdma lines', () => {
    expect(
      files({ network: { classID: 1048577, priorities: [{ name: 'eth0', priority: 5 }] } }),
    ).toEqual(['net_cls.classid=1048577', 'net_prio.ifpriomap=eth0 5']);
    expect(files({ rdma: { mlx5_1: { hcaHandles: 3, hcaObjects: 10000 }, x: {} } })).toEqual([
      'rdma.max=mlx5_1 hca_handle=3 hca_object=10000',
    ]);
  });

  test('offers the old and the new name of the block weights', () => {
    const blockIO = { weight: 10, weightDevice: [{ major: 8, minor: 0, weight: 500 }] };
    const groups = compileResources({ blockIO }, '/r');
    expect(groups.map(([{ files: names, value }]) => [...names, value])).toEqual([
      ['blkio.weight', 'blkio.bfq.weight', '10'],
      ['blkio.weight_device', 'blkio.bfq.weight_device', '8:0 500'],
    ]);
  });

  test('points at the value that asks for each write', () => {
    expect(
      pointers({
        memory: { limit: 1, checkBeforeUpdate: true },
        cpu: { cpus: '0', shares: 2 },
        pids: { limit: 1 },
        blockIO: {
          weightDevice: [{ major: 8, minor: 0, weight: 1, leafWeight: 2 }],
          throttleWriteIOPSDevice: [{ major: 8, minor: 0, rate: 1 }],
        },
        hugepageLimits: [{ pageSize: '2MB', limit: 1 }],
        network: { classID: 1, priorities: [{ name: 'lo', priority: 1 }] },
        rdma: { 'a/b~c': { hcaHandles: 1 } },
      }),
    ).toEqual([
      '/r/cpu/cpus',
      '/r/memory/limit',
      '/r/cpu/shares',
      '/r/pids/limit',
      '/r/blockIO/weightDevice/0/weight',
      '/r/blockIO/weightDevice/0/leafWeight',
      '/r/blockIO/throttleWriteIOPSDevice/0',
      '/r/hugepageLimits/0',
      '/r/hugepageLimits/0',
      '/r/network/classID',
      '/r/network/priorities/0',
      '/r/rdma/a~1b~0c',
    ]);
  });

  test('refuses unified resources', () => {
    expect(() => files({ unified: { 'memory.max': '1' } })).toThrow(
      'config.json /r/unified: set unified resources: cannot use unified on cgroup v1',
    );
    expect(files({ unified: {} })).toEqual([]);
  });
});
