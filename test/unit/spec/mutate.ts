/** A deterministic generator of configurations that are nearly right: each comes from a good one by few changes. */

/** Numbers from 0 up to but not including 1, the same ones for the same seed. */
export type Chance = () => number;

/** Mulberry32: 32 bits of state are plenty for choosing places. */
export function chanceFrom(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a value is replaced by: each type, and numbers on both sides of each bound. */
const VALUES: readonly unknown[] = [
  null,
  true,
  '',
  'x',
  '/x',
  '1',
  '64kB',
  '2MB',
  'RLIMIT_X',
  'rlimit_x',
  'c',
  'cc',
  'MB:0=1\n',
  'rshared',
  'SCMP_ACT_LOG',
  'SCHED_BATCH',
  [],
  ['x'],
  [1],
  [{}],
  {},
  { x: 'y' },
  { x: 1 },
  { name: 'x', path: '/x', type: 'pid' },
  0,
  1,
  -1,
  0.5,
  511,
  512,
  65_535,
  65_536,
  -2_147_483_648,
  -2_147_483_649,
  2_147_483_648,
  4_294_967_295,
  4_294_967_296,
  2 ** 53,
  1e18,
  -1e18,
  1e19,
  -1e19,
  1e20,
  1e300,
];

/** Property names that mean something somewhere, so that they turn up where they do not, too. */
const NAMES = ['path', 'type', 'name', 'limit', 'args', 'root', 'x', '', 'toString', 'constructor'];

/** @returns a copy of a configuration with one or two changes */
export function mutated(good: unknown, chance: Chance): unknown {
  // Unlike structuredClone, JSON forgets where one list is used in two places.
  const box: { root: unknown } = { root: JSON.parse(JSON.stringify(good)) };
  const changes = 1 + Math.floor(chance() * 2);
  for (let change = 0; change < changes; change++) {
    const places = placesIn(box);
    const [holder, name] = places[Math.floor(chance() * places.length)] ?? [box, 'root'];
    changeOne(holder, name, chance);
    // The whole can be replaced, not be absent.
    box.root ??= null;
  }
  return box.root;
}

type Holder = Record<string, unknown>;

function changeOne(holder: Holder, name: string, chance: Chance): void {
  const value = holder[name];
  const kind = Math.floor(chance() * 9);
  if (kind === 0 && !Array.isArray(holder)) delete holder[name];
  else if (kind === 1 && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    (value as Holder)[pick(NAMES, chance)] = pick(VALUES, chance);
  } else if (kind === 2 && Array.isArray(value)) value.push(pick([...value, ...VALUES], chance));
  else if (kind === 3) holder[name] = [value];
  else if (kind === 4 && typeof value === 'number') holder[name] = -value;
  else if (kind < 8) {
    // Another value of the same type is the change that is often still right.
    const alike = VALUES.filter((other) => typeof other === typeof value);
    holder[name] = pick(alike.length > 0 ? alike : VALUES, chance);
  } else holder[name] = pick(VALUES, chance);
}

/** Every place of a value: what holds it, and its name there. */
function placesIn(root: object): [Holder, string][] {
  const places: [Holder, string][] = [];
  visit(root as Holder);
  return places;

  function visit(holder: Holder): void {
    for (const name of Object.keys(holder)) {
      places.push([holder, name]);
      const value = holder[name];
      if (typeof value === 'object' && value !== null) visit(value as Holder);
    }
  }
}

function pick<T>(from: readonly T[], chance: Chance): T {
  const index = Math.floor(chance() * from.length);
  if (index >= from.length) throw new Error('nothing to pick from');
  // A copy: what is put into a configuration can be changed there.
  return structuredClone(from[index] as T);
}
