import type { CgroupMount, HostFacts } from '../plan/facts.ts';
import { readText } from '../syscalls/files.ts';

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
  const set = (name: string): bigint => {
    const digits = new RegExp(`^${name}:\\t([0-9a-f]+)$`, 'm').exec(status)?.[1] ?? '0';
    return BigInt(`0x${digits}`);
  };
  return {
    euid: process.geteuid?.() ?? 0,
    capabilities: { bounding: set('CapBnd'), permitted: set('CapPrm') },
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

function readOr(path: string, fallback: string): string {
  try {
    return readText(path);
  } catch {
    // A module that is not part of the kernel has no file.
    return fallback;
  }
}
