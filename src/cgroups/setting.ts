/*
 * A limit as a write to a cgroup file: what the resources of config.json are compiled to, without I/O.
 */

/** One value for one file. */
export interface Setting {
  /** Such as `memory`. */
  readonly controller: string;
  /** The first of these that the kernel offers is written: some were renamed. */
  readonly files: readonly [string, ...string[]];
  readonly value: string;
  /** JSON pointer of the value that asks for it. */
  readonly pointer: string;
  /** A kernel without the file is fine: the value goes with another one and matters only where the file exists. */
  readonly optional?: true;
  /** The write is refused where this file of the same cgroup holds more. */
  readonly usage?: string;
  readonly check?: SettingCheck;
}

/** The kernel takes some values without honouring them: what to do when the file reads otherwise afterwards. */
export type SettingCheck =
  /** The value was moved into a range. */
  | { readonly kind: 'refuse'; readonly detail: string }
  /** The kernel has given the feature up; a limit counts as kept when the file shows no more. */
  | { readonly kind: 'warn'; readonly detail: string };

/**
 * Settings that the kernel checks against each other (a memory limit must not exceed that of memory and swap). Which
 * must be written first depends on what is set already: those refused with EINVAL are tried again after the others.
 */
export type SettingGroup = readonly [Setting, ...Setting[]];

/** 64-bit numbers of config.json are bigints where a number would lose digits. */
export type Integer = number | bigint;

/** @returns whether a value asks for something: 0 stands for "not given" in many fields, as in runc */
export function isAsked(value: Integer | undefined): value is Integer {
  return value !== undefined && BigInt(value) !== 0n;
}
