import type { BlockIoEntry, BlockIoStats } from '../stats.ts';
import { type ReadFile, toInteger, withoutZeros } from './stats-text.ts';

const COUNTERS = {
  ioServiceBytesRecursive: 'io_service_bytes',
  ioServicedRecursive: 'io_serviced',
  ioQueueRecursive: 'io_queued',
  ioServiceTimeRecursive: 'io_service_time',
  ioWaitTimeRecursive: 'io_wait_time',
  ioMergedRecursive: 'io_merged',
  ioTimeRecursive: 'time',
  sectorsRecursive: 'sectors',
} as const satisfies Record<keyof BlockIoStats, string>;

/**
 * Each I/O policy of the kernel has files of its own, and only the one that is at work counts: BFQ, CFQ (until Linux
 * 5.0), throttling, which comes last because it counts whatever is the scheduler; old kernels have it without the
 * sub-cgroups.
 */
const POLICIES = [
  ['blkio.bfq.', '_recursive'],
  ['blkio.', '_recursive'],
  ['blkio.throttle.', '_recursive'],
  ['blkio.throttle.', ''],
] as const;

/** cgroup-v1/blkio-controller.rst. */
export function blockIoStats(read: ReadFile): BlockIoStats {
  for (const [prefix, suffix] of POLICIES) {
    const counted = Object.entries(COUNTERS)
      .map(([name, file]) => [name, toEntries(read(`${prefix}${file}${suffix}`))] as const)
      .filter(([, entries]) => entries.length > 0);
    if (counted.length > 0) return Object.fromEntries(counted);
  }
  return {};
}

/** Lines are `8:0 Read 4096`, or `8:0 4096` where it is not told apart, and a total of all devices that nobody wants. */
function toEntries(text: string | undefined): BlockIoEntry[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const [, major, minor, op, value] = /^(\d+):(\d+) (?:(\w+) )?(\d+)$/.exec(line) ?? [];
    if (major === undefined) return [];
    return [
      withoutZeros({
        major: toInteger(major),
        minor: toInteger(minor),
        op: op ?? '',
        value: toInteger(value),
      }),
    ];
  });
}
