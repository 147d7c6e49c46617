import type { Integer } from './setting.ts';

/*
 * What a container has used: the cgroup part of what `events` prints. Names, units and nesting are those that the
 * readers of runc's `events --stats` expect (containerd's go-runc, cAdvisor); a counter marked as optional is left out
 * where it is zero, as there. 64-bit numbers are bigints where a number would lose digits.
 */

export interface CgroupStats {
  readonly cpu: CpuStats;
  readonly cpuset: CpusetStats;
  readonly memory: MemoryStats;
  readonly pids: PidsStats;
  readonly blkio: BlockIoStats;
  /** By page size: `2MB`. */
  readonly hugetlb: Readonly<Record<string, HugetlbStats>>;
}

export interface CpuStats {
  /** Nanoseconds. */
  readonly usage: {
    readonly total?: Integer;
    readonly percpu?: readonly Integer[];
    readonly percpu_kernel?: readonly Integer[];
    readonly percpu_user?: readonly Integer[];
    readonly kernel: Integer;
    readonly user: Integer;
  };
  readonly throttling: {
    readonly periods?: Integer;
    readonly throttledPeriods?: Integer;
    /** Nanoseconds. */
    readonly throttledTime?: Integer;
  };
}

/** The two lists, and each of {@link CPUSET_FLAGS}. */
export interface CpusetStats extends Readonly<Record<CpusetFlag, Integer>> {
  readonly cpus?: readonly number[];
  readonly mems?: readonly number[];
}

export const CPUSET_FLAGS = [
  'cpu_exclusive',
  'mem_hardwall',
  'mem_exclusive',
  'memory_migrate',
  'memory_spread_page',
  'memory_spread_slab',
  'memory_pressure',
  'sched_load_balance',
  'sched_relax_domain_level',
] as const;
export type CpusetFlag = (typeof CPUSET_FLAGS)[number];

export interface MemoryStats {
  /** Bytes of the page cache. */
  readonly cache?: Integer;
  readonly usage: MemoryUsage;
  /** Memory and swap together. */
  readonly swap: MemoryUsage;
  readonly kernel: MemoryUsage;
  readonly kernelTCP: MemoryUsage;
  /** Every line of the kernel's own statistics. */
  readonly raw?: Readonly<Record<string, Integer>>;
}

/** Bytes; how often the limit was hit. */
export interface MemoryUsage {
  readonly limit: Integer;
  readonly usage?: Integer;
  readonly max?: Integer;
  readonly failcnt: Integer;
}

export interface PidsStats {
  readonly current?: Integer;
  readonly limit?: Integer;
}

export interface BlockIoEntry {
  readonly major?: Integer;
  readonly minor?: Integer;
  /** `Read`, `Write`, `Sync`, `Async`, `Discard`, `Total`. */
  readonly op?: string;
  readonly value?: Integer;
}

/** Each with the sub-cgroups; what the kernel does not count is left out. */
export interface BlockIoStats {
  readonly ioServiceBytesRecursive?: readonly BlockIoEntry[];
  readonly ioServicedRecursive?: readonly BlockIoEntry[];
  readonly ioQueueRecursive?: readonly BlockIoEntry[];
  readonly ioServiceTimeRecursive?: readonly BlockIoEntry[];
  readonly ioWaitTimeRecursive?: readonly BlockIoEntry[];
  readonly ioMergedRecursive?: readonly BlockIoEntry[];
  readonly ioTimeRecursive?: readonly BlockIoEntry[];
  readonly sectorsRecursive?: readonly BlockIoEntry[];
}

export interface HugetlbStats {
  readonly usage?: Integer;
  readonly max?: Integer;
  readonly failcnt: Integer;
}
