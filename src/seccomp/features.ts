import type { SeccompArch, SeccompFlag } from '../spec/types.ts';
import { exists } from '../syscalls/files.ts';
import { hasFilterFlags, libseccompVersion, resolveSyscalls } from '../syscalls/seccomp.ts';
import { probeFlags } from './flags.ts';
import { ACTIONS, ARCHITECTURES, FLAGS, OPERATORS } from './names.ts';

/** What this runtime, with this libseccomp and this kernel, makes of `linux.seccomp` (features-linux.md). */
export interface SeccompFeatures {
  /** Whether the kernel has filters. */
  readonly enabled: boolean;
  readonly actions: readonly string[];
  readonly operators: readonly string[];
  readonly archs: readonly string[];
  readonly knownFlags: readonly string[];
  /** Those of `knownFlags` that the kernel takes. */
  readonly supportedFlags: readonly string[];
  /** Such as `2.5.4`. */
  readonly libseccompVersion: string;
}

/** Asks libseccomp and the kernel; loads no filter. */
export function seccompFeatures(): SeccompFeatures {
  const knownFlags = namesOf(FLAGS) as SeccompFlag[];
  return {
    enabled: exists('/proc/sys/kernel/seccomp'),
    actions: namesOf(ACTIONS),
    operators: namesOf(OPERATORS),
    archs: knownArchitectures(),
    knownFlags,
    supportedFlags: knownFlags.filter((name) => hasFilterFlags(probeFlags(name))),
    libseccompVersion: libseccompVersion(),
  };
}

const namesOf = (table: Readonly<Record<string, number>>): string[] => Object.keys(table).sort();

function knownArchitectures(): string[] {
  const names = namesOf(ARCHITECTURES) as SeccompArch[];
  // Every architecture has this one.
  const numbers = resolveSyscalls(
    names.map((name) => ARCHITECTURES[name]),
    ['read'],
  );
  return names.filter((_, index) => numbers[index]?.[0] !== -1);
}
