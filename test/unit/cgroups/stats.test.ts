import { describe, expect, test } from 'vitest';
import { blockIoStats } from '../../../src/cgroups/v1/stats-block-io.ts';
import { cpuStats, cpusetStats } from '../../../src/cgroups/v1/stats-cpu.ts';
import { hugetlbStats, memoryStats, pidsStats } from '../../../src/cgroups/v1/stats-memory.ts';
import { toInteger, toList } from '../../../src/cgroups/v1/stats-text.ts';

const filesOf = (files: Readonly<Record<string, string>>) => (name: string) => files[name];
const nothing = filesOf({});

describe('toInteger', () => {
  test.each([
    ['0', 0],
    ['-1', -1],
    ['9007199254740991', 9007199254740991],
    ['9223372036854771712', 9223372036854771712n],
    ['max', 0],
    [undefined, 0],
  ])('takes %s for %s', (text, number) => {
    expect(toInteger(text)).toBe(number);
  });
});

describe('toList', () => {
  test.each([
    ['0-2,7', [0, 1, 2, 7]],
    ['5', [5]],
    ['', []],
    [undefined, []],
  ])('takes %j for %j', (text, list) => {
    expect(toList(text)).toEqual(list);
  });
});

describe('cpuStats', () => {
  test('counts in nanoseconds, what the kernel counts in ticks too', () => {
    const account = filesOf({
      'cpuacct.usage': '12767608',
      'cpuacct.usage_percpu': '12767608 0 ',
      'cpuacct.usage_all': 'cpu user system\n0 8000000 4000000\n1 0 0',
      'cpuacct.stat': 'user 3\nsystem 100000000000',
    });
    const schedule = filesOf({
      'cpu.stat': 'nr_periods 7\nnr_throttled 0\nthrottled_time 99\nnr_bursts 0\nburst_time 0',
    });
    expect(cpuStats(account, schedule)).toEqual({
      usage: {
        total: 12767608,
        percpu: [12767608, 0],
        percpu_kernel: [4000000, 0],
        percpu_user: [8000000, 0],
        kernel: 1000000000000000000n,
        user: 30000000,
      },
      throttling: { periods: 7, throttledTime: 99 },
    });
  });

  test('without the controllers is nothing but the two numbers that are always told', () => {
    expect(cpuStats(nothing, nothing)).toEqual({ usage: { kernel: 0, user: 0 }, throttling: {} });
  });
});

describe('cpusetStats', () => {
  test('tells all flags, negative ones too', () => {
    const read = filesOf({
      'cpuset.cpus': '0-1',
      'cpuset.mems': '0',
      'cpuset.sched_load_balance': '1',
      'cpuset.sched_relax_domain_level': '-1',
    });
    expect(cpusetStats(read)).toEqual({
      cpus: [0, 1],
      mems: [0],
      cpu_exclusive: 0,
      mem_hardwall: 0,
      mem_exclusive: 0,
      memory_migrate: 0,
      memory_spread_page: 0,
      memory_spread_slab: 0,
      memory_pressure: 0,
      sched_load_balance: 1,
      sched_relax_domain_level: -1,
    });
  });
});

describe('memoryStats', () => {
  test('tells no limit exactly as the kernel does', () => {
    const read = filesOf({
      'memory.stat': 'cache 4096\nhierarchical_memsw_limit 9223372036854771712\nrss 0',
      'memory.limit_in_bytes': '9223372036854771712',
      'memory.usage_in_bytes': '5000',
      'memory.max_usage_in_bytes': '6000',
      'memory.failcnt': '2',
    });
    const none = { limit: 0, failcnt: 0 };
    expect(memoryStats(read)).toEqual({
      cache: 4096,
      usage: { limit: 9223372036854771712n, usage: 5000, max: 6000, failcnt: 2 },
      swap: none,
      kernel: none,
      kernelTCP: none,
      raw: { cache: 4096, hierarchical_memsw_limit: 9223372036854771712n, rss: 0 },
    });
  });
});

describe('pidsStats', () => {
  test('leaves out what is no limit', () => {
    expect(pidsStats(filesOf({ 'pids.current': '3', 'pids.max': 'max' }))).toEqual({ current: 3 });
    expect(pidsStats(filesOf({ 'pids.current': '0', 'pids.max': '9' }))).toEqual({ limit: 9 });
  });
});

describe('hugetlbStats', () => {
  const files = {
    'hugetlb.2MB.usage_in_bytes': '2097152',
    'hugetlb.2MB.max_usage_in_bytes': '4194304',
    'hugetlb.2MB.failcnt': '1',
    'hugetlb.2MB.limit_in_bytes': '4194304',
  };

  test('counts each size of pages', () => {
    expect(hugetlbStats(filesOf(files), Object.keys(files))).toEqual({
      '2MB': { usage: 2097152, max: 4194304, failcnt: 1 },
    });
  });

  test('counts reservations where the kernel tells them apart', () => {
    const reserved = {
      ...files,
      'hugetlb.2MB.rsvd.usage_in_bytes': '6291456',
      'hugetlb.2MB.rsvd.max_usage_in_bytes': '6291456',
      'hugetlb.2MB.rsvd.failcnt': '0',
    };
    expect(hugetlbStats(filesOf(reserved), Object.keys(reserved))).toEqual({
      '2MB': { usage: 6291456, max: 6291456, failcnt: 0 },
    });
  });
});

describe('blockIoStats', () => {
  const THROTTLED = '254:0 Read 4096\n254:0 Write 0\n254:0 Total 4096\nTotal 4096';

  test('takes the counters of throttling where no scheduler counts', () => {
    const read = filesOf({
      'blkio.bfq.io_service_bytes_recursive': 'Total 0',
      'blkio.throttle.io_service_bytes_recursive': THROTTLED,
      'blkio.throttle.io_service_bytes': '254:0 Read 1',
    });
    expect(blockIoStats(read)).toEqual({
      ioServiceBytesRecursive: [
        { major: 254, op: 'Read', value: 4096 },
        { major: 254, op: 'Write' },
        { major: 254, op: 'Total', value: 4096 },
      ],
    });
  });

  test('takes those of the scheduler where it counts', () => {
    const read = filesOf({
      'blkio.bfq.io_serviced_recursive': '8:16 Read 3',
      'blkio.bfq.sectors_recursive': '8:16 700',
      'blkio.throttle.io_service_bytes_recursive': THROTTLED,
    });
    expect(blockIoStats(read)).toEqual({
      ioServicedRecursive: [{ major: 8, minor: 16, op: 'Read', value: 3 }],
      sectorsRecursive: [{ major: 8, minor: 16, value: 700 }],
    });
  });

  test('takes those without sub-cgroups where there are no others', () => {
    const read = filesOf({ 'blkio.throttle.io_serviced': '8:0 Read 1' });
    expect(blockIoStats(read)).toEqual({
      ioServicedRecursive: [{ major: 8, op: 'Read', value: 1 }],
    });
  });
});
