import { RuntimeError } from '../../error.ts';
import { codeOf, inWords } from '../errno.ts';
import type { CgroupDirectory } from './directory.ts';

/** What a failed write was about. */
interface FailedWrite {
  readonly files: readonly [string, ...string[]];
  readonly value: string;
  /** undefined for what no line of config.json asked for. */
  readonly pointer: string | undefined;
}

/** A failed write as an error with file, value, errno in words and what usually helps. */
export function writeError(
  directory: CgroupDirectory,
  { files, value, pointer }: FailedWrite,
  cause: unknown,
): RuntimeError {
  const code = codeOf(cause);
  // Of a file that was renamed, the last name is today's.
  const file = files.at(-1) ?? files[0];
  const remedy = specialRemedy(directory, file, code) ?? commonRemedy(code);
  // Engines take "no such file or directory" for a missing program.
  const words = code === 'ENOENT' ? 'the kernel does not offer this file' : inWords(code);
  return new RuntimeError({
    operation: `write ${value} to ${directory.path}/${file}`,
    detail: remedy === undefined ? words : `${words}: ${remedy}`,
    pointer,
    path: `${directory.path}/${file}`,
    code,
    cause,
  });
}

function commonRemedy(code: string | undefined): string | undefined {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'the runtime may not change this cgroup: limits need root, or a delegated cgroup, and a user namespace does not give them';
    case 'EROFS':
      return 'the hierarchy is mounted read-only';
    default:
      return undefined;
  }
}

function specialRemedy(
  directory: CgroupDirectory,
  file: string,
  code: string | undefined,
): string | undefined {
  const explain = REMEDIES.find(
    ([prefix, codes]) => file.startsWith(prefix) && codes.includes(code ?? ''),
  );
  return explain?.[2](directory);
}

type Remedy = readonly [
  prefix: string,
  codes: readonly string[],
  explain: (directory: CgroupDirectory) => string,
];

/** The first that fits counts. */
const REMEDIES: readonly Remedy[] = [
  [
    'memory.memsw.limit_in_bytes',
    ['ENOENT', 'EOPNOTSUPP'],
    () => 'swap is not accounted: boot with swapaccount=1',
  ],
  [
    'memory.memsw.limit_in_bytes',
    ['EINVAL'],
    () => 'swap counts memory and swap together and must not be below memory.limit',
  ],
  ['memory.limit_in_bytes', ['EINVAL'], () => 'the limit must not be above memory.swap'],
  [
    'memory.use_hierarchy',
    ['EINVAL', 'EBUSY'],
    () => 'since Linux 5.11 memory is always counted with the sub-cgroups: leave useHierarchy out',
  ],
  [
    'memory.',
    ['EBUSY'],
    (directory) =>
      `what is in use cannot be brought below the new limit: raise it (current usage: ${peek(directory, 'memory.usage_in_bytes')}, peak usage: ${peek(directory, 'memory.max_usage_in_bytes')})`,
  ],
  [
    'cpu.rt_',
    ['EINVAL', 'EBUSY'],
    () => 'the parent cgroup grants less realtime: raise its cpu.rt_runtime_us first',
  ],
  ['cpu.rt_', ['ENOENT'], () => 'the kernel groups no realtime tasks (CONFIG_RT_GROUP_SCHED)'],
  [
    'cpu.cfs_',
    ['EINVAL'],
    () =>
      'period goes from 1000 to 1000000 µs, quota is at least 1000 µs, burst at most the quota, and the parent must grant as much',
  ],
  ['cpu.shares', ['EINVAL'], () => 'an idle cgroup has no shares: set idle to 0'],
  ['cpu.idle', ['EINVAL'], () => 'idle is 0 or 1'],
  [
    'cpuset.',
    ['EBUSY'],
    () => 'a sub-cgroup of the container uses one that would be taken away: change that first',
  ],
  [
    'cpuset.cpus',
    ['EACCES', 'EINVAL', 'ERANGE', 'ENOSPC'],
    (directory) =>
      `the host or the parent cgroup has other processors (${inherited(directory, 'cpus')})`,
  ],
  [
    'cpuset.mems',
    ['EACCES', 'EINVAL', 'ERANGE', 'ENOSPC'],
    (directory) =>
      `the host or the parent cgroup has other memory nodes (${inherited(directory, 'mems')})`,
  ],
  ['pids.max', ['EINVAL'], () => 'more than the kernel can have at all'],
  ['blkio.', ['ENODEV'], () => 'there is no such disk; a partition has no limits of its own'],
  ['blkio.bfq.weight', ['ERANGE', 'EINVAL'], () => 'weights go from 1 to 1000'],
  [
    'blkio.bfq.weight_device',
    ['EOPNOTSUPP'],
    () => "the disk's I/O scheduler knows no weights: set it to bfq",
  ],
  [
    'blkio.leaf_weight',
    ['ENOENT'],
    () => 'leaf weights were removed with the CFQ scheduler in Linux 5.0: leave them out',
  ],
  ['hugetlb.', ['ENOENT'], () => 'the host has no huge pages of this size'],
  ['net_prio.ifpriomap', ['ENODEV'], () => "there is no such interface in the runtime's network"],
  [
    'devices.allow',
    ['EPERM'],
    () => 'the parent cgroup denies it, or the runtime has no CAP_SYS_ADMIN',
  ],
  ['devices.', ['EPERM'], () => 'changing the device list needs CAP_SYS_ADMIN on the host'],
];

function inherited(directory: CgroupDirectory, list: string): string {
  return `now ${peek(directory, `cpuset.${list}`)}`;
}

/** For texts only: a file that can't be read must not hide the failure that is being told. */
function peek(directory: CgroupDirectory, file: string): string {
  try {
    return directory.read(file);
  } catch {
    return 'unknown';
  }
}
