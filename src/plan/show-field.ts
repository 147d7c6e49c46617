import { capabilitySetNames } from './capability-names.ts';
import { hexadecimal } from './hexadecimal.ts';
import { RLIMIT_NAMES } from './limits.ts';
import { MOUNT_ATTR, MS_REC, PROPAGATION } from './mount-options.ts';
import { CLONE_FLAGS, NO_SLOT } from './namespaces.ts';
import { STAGES } from './stages.ts';
import type { FieldValue, StepKind } from './step.ts';

type Names = readonly (readonly [name: string, bits: bigint])[];

const ATTRIBUTES: Names = Object.entries(MOUNT_ATTR)
  .filter(([name]) => name !== 'ATIME')
  .map(([name, bits]) => [name.toLowerCase(), bits]);
const PROPAGATIONS: Names = [...Object.entries(PROPAGATION), ['rec', MS_REC]];
const NAMESPACES: Names = Object.entries(CLONE_FLAGS).map(([name, bits]) => [name, BigInt(bits)]);

const ATTRIBUTE_FIELDS = new Set(['attributes', 'set', 'clear', 'recursiveSet', 'recursiveClear']);
const CAPABILITY_FIELDS = new Set(['bounding', 'effective', 'permitted', 'inheritable', 'ambient']);
const SLOT_FIELDS = new Set(['cgroup', 'sourceSlot']);
const INFINITY = (1n << 64n) - 1n;

/**
 * How a field of a step is shown to people: bits by their names, modes in octal, a filter by its size.
 * @returns undefined for a field that says nothing: an empty text or list, no bits, no slot, a flag that is not set
 */
export function showField(kind: StepKind, name: string, value: FieldValue): string | undefined {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  switch (typeof value) {
    case 'boolean':
      return value ? 'yes' : undefined;
    case 'bigint':
      return showWide(kind, name, value);
    case 'number':
      return value === NO_SLOT && SLOT_FIELDS.has(name) ? undefined : showNumber(kind, name, value);
    case 'string':
      return value === '' ? undefined : quote(value);
    default:
      return value.length === 0 ? undefined : `[${value.map(quote).join(' ')}]`;
  }
}

function showWide(kind: StepKind, name: string, value: bigint): string | undefined {
  if (kind === 'rlimit' || kind === 'raiseRlimit') {
    return value === INFINITY ? 'unlimited' : String(value);
  }
  if (CAPABILITY_FIELDS.has(name)) return capabilitySetNames(value).join(',') || 'none';
  if (kind === 'forkInit' || name === 'types') return bitNames(value, NAMESPACES);
  if (name === 'propagation') return bitNames(value, PROPAGATIONS);
  if (name === 'clear' || name === 'recursiveClear') {
    // The atime field is cleared as a whole, whatever is set in it then.
    const isAtime = (value & MOUNT_ATTR.ATIME) === MOUNT_ATTR.ATIME;
    const rest = bitNames(isAtime ? value & ~MOUNT_ATTR.ATIME : value, ATTRIBUTES);
    return isAtime ? ['atime', rest].filter(Boolean).join(',') : rest;
  }
  return ATTRIBUTE_FIELDS.has(name) ? bitNames(value, ATTRIBUTES) : String(value);
}

function showNumber(kind: StepKind, name: string, value: number): string {
  if (name === 'mode' || name === 'umask') return `0${value.toString(8)}`;
  if (name === 'stage') return STAGES[value] ?? String(value);
  if (name === 'resource') return RLIMIT_NAMES[value]?.slice('RLIMIT_'.length) ?? String(value);
  if (name === 'nsType') return bitNames(BigInt(value), NAMESPACES) ?? String(value);
  if (kind === 'bindDevice' && name === 'type') return `0${value.toString(8)}`;
  return String(value);
}

/** @returns the names of the bits, and the bits without a name in hexadecimal; undefined for none */
function bitNames(value: bigint, names: Names): string | undefined {
  if (value === 0n) return undefined;
  const shown = names.filter(([, bits]) => (value & bits) === bits);
  const rest = shown.reduce((left, [, bits]) => left & ~bits, value);
  const words = shown.map(([name]) => name);
  return (rest === 0n ? words : [...words, `0x${hexadecimal(rest)}`]).join(',');
}

/** A word as it is; anything that a reader or a terminal could misread, quoted. */
function quote(value: string | number): string {
  const text = String(value);
  return /^[\w./:@%+,=~-]+$/.test(text) ? text : JSON.stringify(text);
}
