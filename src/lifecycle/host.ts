import type { CgroupMount, HostFacts } from '../plan/facts.ts';
import { exists, readText } from '../syscalls/files.ts';

/**
 * Looks up what the host decides about a plan (capabilities(7), proc(5)).
 *
 * @param cgroupMounts of this container, as src/cgroups gives them
 * @param cgroupEntrance likewise, how many descriptors `entrance` will give
 * @throws the error of the file system where /proc is not there
 */
export function readHostFacts(
  cgroupMounts: readonly CgroupMount[],
  cgroupEntrance: HostFacts['cgroupEntrance'],
): HostFacts {
  const status = readText('/proc/self/status');
  return {
    euid: process.geteuid?.() ?? 0,
    capabilities: {
      bounding: capabilitiesIn(status, 'CapBnd'),
      permitted: capabilitiesIn(status, 'CapPrm'),
    },
    lastCapability: Number(readText('/proc/sys/kernel/cap_last_cap')),
    lsm: {
      apparmor: readOr('/sys/module/apparmor/parameters/enabled', 'N').startsWith('Y'),
      // The file is there only where SELinux is enabled.
      selinux: readOr('/sys/fs/selinux/enforce', '') !== '',
    },
    cgroupMounts,
    cgroupEntrance,
  };
}

/** @returns a set of capabilities by its name in /proc/PID/status: a line of 16 digits (proc(5)) */
function capabilitiesIn(status: string, name: string): bigint {
  const label = `\n${name}:\t`;
  const at = status.indexOf(label);
  if (at < 0) return 0n;
  const digits = at + label.length;
  return BigInt(`0x${status.slice(digits, digits + 16)}`);
}

function readOr(path: string, fallback: string): string {
  // A module that is not part of the kernel has no file; to ask first costs less than the error.
  if (!exists(path)) return fallback;
  try {
    return readText(path);
  } catch {
    return fallback;
  }
}
