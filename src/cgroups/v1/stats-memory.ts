import type { HugetlbStats, MemoryStats, MemoryUsage, PidsStats } from '../stats.ts';
import { type ReadFile, toInteger, toTable, withoutZeros } from './stats-text.ts';

/** The files are those of cgroup-v1/memory.rst; `memsw` is absent where swap is not accounted. */
export function memoryStats(read: ReadFile): MemoryStats {
  const raw = toTable(read('memory.stat'));
  const usageOf = (prefix: string): MemoryUsage => ({
    limit: toInteger(read(`${prefix}.limit_in_bytes`)),
    ...withoutZeros({
      usage: toInteger(read(`${prefix}.usage_in_bytes`)),
      max: toInteger(read(`${prefix}.max_usage_in_bytes`)),
    }),
    failcnt: toInteger(read(`${prefix}.failcnt`)),
  });
  return {
    ...withoutZeros({ cache: raw.cache }),
    usage: usageOf('memory'),
    swap: usageOf('memory.memsw'),
    kernel: usageOf('memory.kmem'),
    kernelTCP: usageOf('memory.kmem.tcp'),
    ...(Object.keys(raw).length === 0 ? {} : { raw }),
  };
}

/** cgroup-v1/pids.rst; no limit is shown as none. */
export function pidsStats(read: ReadFile): PidsStats {
  return withoutZeros({
    current: toInteger(read('pids.current')),
    limit: toInteger(read('pids.max')),
  });
}

/**
 * cgroup-v1/hugetlb.rst. Pages that are reserved and not yet touched are counted apart since Linux 5.7, together with
 * those in use: that counter is what the limits of reservations go by.
 *
 * @param files names of all files of the cgroup
 */
export function hugetlbStats(
  read: ReadFile,
  files: readonly string[],
): Readonly<Record<string, HugetlbStats>> {
  const sizes = files.flatMap(
    (name) => /^hugetlb\.(\d+[KMG]B)\.usage_in_bytes$/.exec(name)?.[1] ?? [],
  );
  return Object.fromEntries(
    sizes.map((size) => {
      const reserved = `hugetlb.${size}.rsvd`;
      const prefix = files.includes(`${reserved}.usage_in_bytes`) ? reserved : `hugetlb.${size}`;
      return [
        size,
        {
          ...withoutZeros({
            usage: toInteger(read(`${prefix}.usage_in_bytes`)),
            max: toInteger(read(`${prefix}.max_usage_in_bytes`)),
          }),
          failcnt: toInteger(read(`${prefix}.failcnt`)),
        },
      ];
    }),
  );
}
