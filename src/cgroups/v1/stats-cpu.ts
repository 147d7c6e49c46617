import { CPUSET_FLAGS, type CpuStats, type CpusetStats } from '../stats.ts';
import { type ReadFile, toInteger, toList, toTable, withoutZeros } from './stats-text.ts';

/** `cpuacct.stat` counts in ticks, of which the kernel shows a hundred a second to programs (USER_HZ, times(2)). */
const TICK_NANOSECONDS = 10_000_000n;

/**
 * @param account files of the cgroup of controller cpuacct (cgroup-v1/cpuacct.rst)
 * @param schedule files of that of cpu (scheduler/sched-bwc.rst)
 */
export function cpuStats(account: ReadFile, schedule: ReadFile): CpuStats {
  const ticks = toTable(account('cpuacct.stat'));
  const { nr_periods = 0, nr_throttled = 0, throttled_time = 0 } = toTable(schedule('cpu.stat'));
  return {
    usage: {
      ...withoutZeros({
        total: toInteger(account('cpuacct.usage')),
        percpu: words(account('cpuacct.usage_percpu')).map(toInteger),
        ...perProcessor(account('cpuacct.usage_all')),
      }),
      kernel: nanoseconds(ticks.system),
      user: nanoseconds(ticks.user),
    },
    throttling: withoutZeros({
      periods: nr_periods,
      throttledPeriods: nr_throttled,
      throttledTime: throttled_time,
    }),
  };
}

export function cpusetStats(read: ReadFile): CpusetStats {
  const flags = CPUSET_FLAGS.map((name) => [name, toInteger(read(`cpuset.${name}`))]);
  return {
    ...withoutZeros({ cpus: toList(read('cpuset.cpus')), mems: toList(read('cpuset.mems')) }),
    ...(Object.fromEntries(flags) as Pick<CpusetStats, (typeof CPUSET_FLAGS)[number]>),
  };
}

/** Below a line of titles, `cpu user system` for each processor. */
function perProcessor(text: string | undefined) {
  const [, ...rows] = (text ?? '').split('\n').map(words);
  return {
    percpu_kernel: rows.map(([, , system]) => toInteger(system)),
    percpu_user: rows.map(([, user]) => toInteger(user)),
  };
}

const words = (text = ''): string[] => text.split(' ').filter((word) => word !== '');

function nanoseconds(ticks: number | bigint = 0): number | bigint {
  return toInteger(`${BigInt(ticks) * TICK_NANOSECONDS}`);
}
