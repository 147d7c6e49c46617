import type { CapabilitySet } from '../spec/types.ts';
import { capabilityNumber, capabilitySetNames } from './capability-names.ts';
import type { Context } from './input.ts';
import { type Draft, fromClause, fromConfig } from './origin.ts';

type Sets = Readonly<Record<CapabilitySet, bigint>>;

/**
 * The steps for `process.capabilities`: the bounding set while the process may still drop from it, the other four
 * right before the program. Without the field nothing is changed, and execve(2) decides by the user id.
 */
export interface CapabilitySteps {
  readonly bound: readonly Draft[];
  readonly set: readonly Draft[];
}

/**
 * What the host cannot give is warned about and left out (config.md, capabilities). A process whose configuration speaks
 * of no capabilities has none, as with runc.
 */
export function limitCapabilities(context: Context): CapabilitySteps {
  const { process } = context.spec;
  if (process === undefined) return { bound: [], set: [] };
  const { bounding, ...others } = readSets(context);
  const origin =
    process.capabilities === undefined
      ? fromClause('config.md, Linux Process')
      : fromConfig('/process/capabilities');
  return {
    bound: [{ origin, step: { kind: 'boundCapabilities', bounding } }],
    set: [{ origin, step: { kind: 'setCapabilities', ...others } }],
  };
}

function readSets(context: Context): Sets {
  const { spec, namespaces, facts, warn } = context;
  const unknown = new Set<string>();
  // A user namespace, made or joined, gives all capabilities over what it owns (user_namespaces(7)).
  const all = (1n << BigInt(facts.lastCapability + 1)) - 1n;
  const isFull = namespaces.has('user');
  const limits: Sets = {
    bounding: isFull ? all : facts.capabilities.bounding,
    permitted: isFull ? all : facts.capabilities.permitted,
    effective: all,
    inheritable: all,
    ambient: all,
  };
  const read = (set: CapabilitySet): bigint => {
    let bits = 0n;
    for (const name of spec.process?.capabilities?.[set] ?? []) {
      const number = capabilityNumber(name);
      if (number !== undefined && number <= facts.lastCapability) bits |= 1n << BigInt(number);
      else unknown.add(name);
    }
    return bits;
  };
  const within = (set: CapabilitySet, wanted: bigint, limit: bigint, why: string): bigint => {
    const left = wanted & ~limit;
    if (left !== 0n) {
      const names = capabilitySetNames(left).join(', ');
      warn(`process.capabilities.${set}: ${names} left out: ${why}`);
    }
    return wanted & limit;
  };
  const granted = (set: CapabilitySet): bigint =>
    within(set, read(set), limits[set], 'the runtime itself does not have it');

  const bounding = granted('bounding');
  const permitted = granted('permitted');
  // The kernel refuses the whole set for one bit of these (capset(2), prctl(2)).
  const effective = within(
    'effective',
    granted('effective'),
    permitted,
    'not in the permitted set',
  );
  const inheritable = within(
    'inheritable',
    granted('inheritable'),
    bounding,
    'not in the bounding set',
  );
  const ambient = within(
    'ambient',
    granted('ambient'),
    permitted & inheritable,
    'not in the permitted and the inheritable set',
  );
  if (unknown.size > 0) {
    warn(`process.capabilities: ${[...unknown].join(', ')} left out: not known to this kernel`);
  }
  return { bounding, permitted, effective, inheritable, ambient };
}
