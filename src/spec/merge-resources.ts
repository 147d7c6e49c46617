import type { Resources } from './types.ts';

/*
 * Resources as a change of others: what `update` is given. Zero, or an empty text, stands for "as it is" in the fields
 * below, as with runc; in others (`burst`, `idle`, `swappiness`, a rate) it is a value.
 */

type Value = unknown;
type Members = Readonly<Record<string, Value>>;

const AS_IT_IS: Readonly<Record<string, readonly string[]>> = {
  memory: ['limit', 'reservation', 'swap', 'kernel', 'kernelTCP'],
  cpu: ['shares', 'quota', 'period', 'realtimeRuntime', 'realtimePeriod', 'cpus', 'mems'],
  pids: ['limit'],
  blockIO: ['weight', 'leafWeight'],
  network: ['classID'],
};

/** What tells the entries of a list apart; the list of devices is one value. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  weightDevice: ['major', 'minor'],
  throttleReadBpsDevice: ['major', 'minor'],
  throttleWriteBpsDevice: ['major', 'minor'],
  throttleReadIOPSDevice: ['major', 'minor'],
  throttleWriteIOPSDevice: ['major', 'minor'],
  hugepageLimits: ['pageSize'],
  priorities: ['name'],
};

/** @returns the change without what it leaves as it is, and without sections in which nothing is left */
export function withoutUnchanged(change: Resources): Resources {
  const sections = Object.entries(change).map(([section, value]): [string, Value] => {
    const names = AS_IT_IS[section];
    if (names === undefined || !isMembers(value)) return [section, value];
    const kept = Object.entries(value).filter(
      ([name, member]) => !names.includes(name) || !(member === '' || member === 0),
    );
    return [section, Object.fromEntries(kept)];
  });
  return Object.fromEntries(
    sections.filter(([, value]) => !isMembers(value) || Object.keys(value).length > 0),
  );
}

/**
 * Adds what a change takes with it. Processes that cease to be idle have the kernel's default of shares, and not those
 * that they had before. Whether usage is checked before a limit is changed was said at create (config-linux.md,
 * "Memory").
 *
 * @param change of {@link withoutUnchanged}
 */
export function withConsequences(present: Resources | undefined, change: Resources): Resources {
  const { cpu, memory, ...rest } = change;
  const shares = present?.cpu?.shares;
  const isChecked = present?.memory?.checkBeforeUpdate;
  return {
    ...rest,
    ...(cpu && { cpu: cpu.idle === 0 && shares !== undefined ? { shares, ...cpu } : cpu }),
    ...(memory && {
      memory: isChecked === undefined ? memory : { checkBeforeUpdate: isChecked, ...memory },
    }),
  };
}

/**
 * @param present undefined where there are none
 * @param change of {@link withoutUnchanged}
 * @returns what holds when the change is made
 */
export function mergeResources(present: Resources | undefined, change: Resources): Resources {
  const merged = merge(present ?? {}, change) as Resources;
  const { limit = 0, swap } = change.memory ?? {};
  // Unlimited memory takes the limit of memory and swap away, too: it could not stand below one.
  if (limit >= 0 || swap !== undefined) return merged;
  return { ...merged, memory: { ...merged.memory, swap: -1 } };
}

function merge(present: Value, change: Value, name = ''): Value {
  if (Array.isArray(present) && Array.isArray(change)) return mergeLists(present, change, name);
  if (!isMembers(present) || !isMembers(change)) return change;
  const names = new Set([...Object.keys(present), ...Object.keys(change)]);
  return Object.fromEntries(
    [...names].map((key) => [
      key,
      key in change ? merge(present[key], change[key], key) : present[key],
    ]),
  );
}

function mergeLists(present: readonly Value[], change: readonly Value[], name: string): Value[] {
  const key = KEYS[name];
  if (key === undefined) return [...change];
  const keyOf = (entry: Value): string =>
    key.map((part) => (isMembers(entry) ? String(entry[part]) : '')).join(' ');
  const merged = new Map(present.map((entry) => [keyOf(entry), entry]));
  for (const entry of change) {
    merged.set(keyOf(entry), merge(merged.get(keyOf(entry)), entry));
  }
  return [...merged.values()];
}

function isMembers(value: Value): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
