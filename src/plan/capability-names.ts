/** Every capability in the order of its number (capabilities(7), linux/capability.h). */
export const CAPABILITY_NAMES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;
export type CapabilityName = (typeof CAPABILITY_NAMES)[number];

/** @returns the number of a capability, undefined for a name that Linux does not have */
export function capabilityNumber(name: string): number | undefined {
  const number = (CAPABILITY_NAMES as readonly string[]).indexOf(name);
  return number < 0 ? undefined : number;
}

/** @returns the set of these capabilities, bit n for capability n */
export function capabilitySet(...names: readonly CapabilityName[]): bigint {
  return names.reduce((set, name) => set | (1n << BigInt(CAPABILITY_NAMES.indexOf(name))), 0n);
}

export function hasCapability(set: bigint, name: CapabilityName): boolean {
  return hasNumber(set, CAPABILITY_NAMES.indexOf(name));
}

/** @returns the names of the capabilities in a set, lowest number first */
export function capabilitySetNames(set: bigint): string[] {
  return CAPABILITY_NAMES.filter((_name, number) => hasNumber(set, number));
}

function hasNumber(set: bigint, number: number): boolean {
  return ((set >> BigInt(number)) & 1n) === 1n;
}
