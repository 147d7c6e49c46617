import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';

/** What the helper and the addon cannot do without, and the version of Linux that brought it. */
const SYSTEM_CALLS: readonly (readonly [name: string, major: number, minor: number])[] = [
  ['pidfd_send_signal', 5, 1],
  ['open_tree', 5, 2],
  ['move_mount', 5, 2],
  ['fsopen', 5, 2],
  ['fsmount', 5, 2],
  ['fspick', 5, 2],
  ['clone3', 5, 3],
  ['pidfd_open', 5, 3],
  ['openat2', 5, 6],
  ['faccessat2', 5, 8],
  // CLOSE_RANGE_CLOEXEC, which the helper uses, came two versions after the call.
  ['close_range', 5, 11],
  ['mount_setattr', 5, 12],
];

const { ok, missing, optional } = findingsOf('kernel');

/**
 * Tells by the version which system calls there are; distributions have brought some to older kernels, so that for
 * those the kernel's own list of its functions counts. They are not tried: some have no harmless form.
 */
export function checkKernel(host: Host): Finding[] {
  const [major = 0, minor = 0] = host.release.split(/[^0-9]+/).map(Number);
  const newer = SYSTEM_CALLS.filter(([, x, y]) => x > major || (x === major && y > minor));
  const symbols = newer.length === 0 ? '' : (host.read('/proc/kallsyms') ?? '');
  const absent = newer.filter(([name]) => !hasSymbol(symbols, name));
  const present = SYSTEM_CALLS.filter((call) => !absent.includes(call)).map(([name]) => name);
  return [
    ...(present.length === 0 ? [] : [ok(`Linux ${host.release}`, `has ${present.join(', ')}`)]),
    ...absent.map(([name, x, y]) =>
      missing({
        subject: `the system call ${name}`,
        detail: `Linux ${host.release} does not have it`,
        remedy: `boot Linux ${x}.${y} or later`,
      }),
    ),
    ...memoryFiles(host),
    ...ownFilter(host),
  ];
}

const hasSymbol = (symbols: string, name: string): boolean =>
  new RegExp(` (__\\w+_)?sys_${name}$`, 'm').test(symbols);

/** The helper is executed from one (memfd_create(2), MFD_EXEC). */
function memoryFiles(host: Host): Finding[] {
  if (host.read('/proc/sys/vm/memfd_noexec')?.trim() !== '2') return [];
  const subject = 'programs in memory files';
  const detail = 'vm.memfd_noexec is 2, so that the init helper cannot be executed';
  return [missing({ subject, detail, remedy: 'sysctl -w vm.memfd_noexec=1' })];
}

function ownFilter(host: Host): Finding[] {
  if (!/^Seccomp:\t2$/m.test(host.read('/proc/self/status') ?? '')) return [];
  return [
    optional({
      subject: 'all system calls',
      detail: 'this process runs under a seccomp filter itself, which may refuse some',
      remedy:
        'where a container fails with EPERM or ENOSYS, start the runtime outside, or relax that filter',
    }),
  ];
}
