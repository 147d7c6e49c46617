import type { Device } from '../spec/types.ts';
import { CAPABILITY } from './capability-names.ts';
import type { Context } from './input.ts';
import { isBind, type ReadMount } from './mounts.ts';
import { type Draft, fromClause, fromConfig } from './origin.ts';
import { comparable, fromRoot, isBelow } from './places.ts';
import type { Origin } from './step.ts';

/** S_IFMT bits of mknod(2) for each `type` of config-linux.md; `u` is an unbuffered character device. */
const TYPE_BITS: Readonly<Record<string, number>> = {
  c: 0o020000,
  u: 0o020000,
  b: 0o060000,
  p: 0o010000,
};
const PERMISSION_BITS = 0o7777;
const DEFAULT_MODE = 0o666;

const DEFAULT_DEVICES: readonly Device[] = (
  [
    ['/dev/null', 1, 3],
    ['/dev/zero', 1, 5],
    ['/dev/full', 1, 7],
    ['/dev/random', 1, 8],
    ['/dev/urandom', 1, 9],
    ['/dev/tty', 5, 0],
  ] as const
).map(([path, major, minor]) => ({ type: 'c', path, major, minor }));

/** runtime-linux.md, Dev symbolic links; /dev/core is left out, since the kernel need not have /proc/kcore. */
const DEFAULT_LINKS = [
  ['/dev/fd', '/proc/self/fd'],
  ['/dev/stdin', '/proc/self/fd/0'],
  ['/dev/stdout', '/proc/self/fd/1'],
  ['/dev/stderr', '/proc/self/fd/2'],
] as const;
const PTMX = '/dev/ptmx';

interface Wanted {
  readonly device: Device;
  readonly origin: Origin;
}

/** Whether the host's /dev is bound into the container: then nothing is made there, since it would be the host's. */
function devIsBound(mounts: readonly ReadMount[]): boolean {
  return mounts.some((read) => read.place === '/dev' && isBind(read) && !read.options.remount);
}

function wantedDevices({ spec, warn }: Context, mounts: readonly ReadMount[]): Wanted[] {
  const bound = devIsBound(mounts);
  const places = new Map<string, Wanted>();
  for (const [index, device] of (spec.linux?.devices ?? []).entries()) {
    const pointer = `/linux/devices/${index}`;
    const place = comparable(device.path);
    // Engines name a device twice when their user does; two different ones at one path are refused before.
    if (!places.has(place)) places.set(place, { device, origin: fromConfig(pointer) });
  }
  const configured = [...places.values()];
  if (bound) {
    const elsewhere = configured.filter(({ device }) => !isBelow(comparable(device.path), '/dev'));
    const left = configured.length - elsewhere.length;
    if (left > 0)
      warn(`linux.devices: ${left} below /dev are left to the directory that is bound there`);
    return elsewhere;
  }
  // What the configuration mounts at the place of a default device is what it wants there.
  const mounted = new Set(mounts.map(({ place }) => place));
  const origin = fromClause('config-linux.md, Default Devices');
  const defaults = DEFAULT_DEVICES.filter(({ path }) => !places.has(path) && !mounted.has(path));
  return [...defaults.map((device): Wanted => ({ device, origin })), ...configured];
}

/**
 * The steps for the default devices and links and for `linux.devices`, and where they come, in comparable form.
 * A configured device replaces the default one of its path.
 */
export function makeDevices(
  context: Context,
  mounts: readonly ReadMount[],
): { readonly steps: Draft[]; readonly places: string[] } {
  const devices = wantedDevices(context, mounts);
  const steps = devices.flatMap((wanted) => deviceStep(context, wanted));
  const places = devices.map(({ device }) => comparable(device.path));
  if (!devIsBound(mounts)) {
    const mounted = new Set(mounts.map(({ place }) => place));
    const links = DEFAULT_LINKS.filter(([target]) => !mounted.has(target));
    const origin = fromClause('runtime-linux.md, Dev symbolic links');
    for (const [target, content] of links) {
      steps.push({ origin, step: { kind: 'symlink', target, content, replace: false } });
    }
    if (!mounted.has(PTMX)) {
      steps.push({
        origin: fromClause('config-linux.md, Default Devices'),
        // An image's own /dev/ptmx would open a terminal of the host's devpts.
        step: { kind: 'symlink', target: PTMX, content: 'pts/ptmx', replace: true },
      });
      places.push(PTMX);
    }
    places.push(...links.map(([target]) => target));
  }
  return { steps, places };
}

function deviceStep(context: Context, { device, origin }: Wanted): Draft[] {
  const { path, type, fileMode, uid, gid } = device;
  const target = fromRoot(path);
  const typeBits = TYPE_BITS[type] ?? 0;
  const major = Number(device.major ?? 0);
  const minor = Number(device.minor ?? 0);
  // Anybody may make a FIFO; a node of a device needs a right that no user namespace gives.
  if (type !== 'p' && !mayMakeNodes(context)) {
    return [
      {
        origin,
        step: { kind: 'bindDevice', target, source: target, type: typeBits, major, minor },
      },
    ];
  }
  return [
    {
      origin,
      step: {
        kind: 'makeDevice',
        target,
        mode: typeBits | ((fileMode ?? DEFAULT_MODE) & PERMISSION_BITS),
        major,
        minor,
        uid: uid ?? 0,
        gid: gid ?? 0,
        ownerGiven: uid !== undefined || gid !== undefined,
      },
    },
  ];
}

const mayMakeNodes = ({ namespaces, facts }: Context): boolean =>
  !namespaces.has('user') && (facts.capabilities.permitted & CAPABILITY.CAP_MKNOD) !== 0n;

/** The terminal of the process: made in the container's own devpts, so that its name means the same inside. */
export function openConsole({ spec }: Context): Draft[] {
  const { process } = spec;
  if (process?.terminal !== true) return [];
  const size = process.consoleSize;
  const pointers =
    size === undefined ? ['/process/terminal'] : ['/process/terminal', '/process/consoleSize'];
  return [
    {
      origin: fromConfig(...pointers),
      step: {
        kind: 'openConsole',
        rows: Number(size?.height ?? 0),
        columns: Number(size?.width ?? 0),
        bindConsole: true,
      },
    },
  ];
}
