import type { Device } from '../spec/types.ts';
import { hasCapability } from './capability-names.ts';
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

const DEFAULT_DEVICES: readonly Device[] = [
  { type: 'c', path: '/dev/null', major: 1, minor: 3 },
  { type: 'c', path: '/dev/zero', major: 1, minor: 5 },
  { type: 'c', path: '/dev/full', major: 1, minor: 7 },
  { type: 'c', path: '/dev/random', major: 1, minor: 8 },
  { type: 'c', path: '/dev/urandom', major: 1, minor: 9 },
  { type: 'c', path: '/dev/tty', major: 5, minor: 0 },
];

/** runtime-linux.md, Dev symbolic links; /dev/core is left out, since the kernel need not have /proc/kcore. */
const DEFAULT_LINKS = [
  ['/dev/fd', '/proc/self/fd'],
  ['/dev/stdin', '/proc/self/fd/0'],
  ['/dev/stdout', '/proc/self/fd/1'],
  ['/dev/stderr', '/proc/self/fd/2'],
] as const;
const PTMX = '/dev/ptmx';
/** An engine that gives a container all devices names hundreds. */
const MOST_NAMED = 5;

interface Wanted {
  readonly device: Device;
  readonly origin: Origin;
}

/**
 * Whether what lies at a place is the host's own: bound from the host's /dev, over the container's /dev, or itself. No
 * node or link is made there, and none is changed: the mode and the owner would be those of the host's device.
 */
function isOfHost(place: string, mounts: readonly ReadMount[]): boolean {
  let top: ReadMount | undefined;
  for (const read of mounts) {
    const covers = read.place === place || isBelow(place, read.place);
    if (covers && !read.options.remount) top = read;
  }
  if (top === undefined || !isBind(top)) return false;
  const source = comparable(top.mount.source ?? '');
  return [place, '/dev'].includes(top.place) || source === '/dev' || isBelow(source, '/dev');
}

/**
 * The steps for the default devices and links and for `linux.devices`, and where they come, in comparable form.
 * A configured device replaces the default one of its path, and so does what is mounted there.
 */
export function makeDevices(
  context: Context,
  mounts: readonly ReadMount[],
): { readonly steps: Draft[]; readonly places: string[] } {
  const configured = configuredDevices(context, mounts);
  const isFree = (path: string): boolean =>
    !configured.has(path) && !mounts.some(({ place }) => place === path) && !isOfHost(path, mounts);
  const steps: Draft[] = [];
  const places: string[] = [];
  const origin = fromClause('config-linux.md, Default Devices');
  for (const device of DEFAULT_DEVICES) {
    if (!isFree(device.path)) continue;
    steps.push(deviceStep(context, { device, origin }));
    places.push(device.path);
  }
  for (const [place, wanted] of configured) {
    if (wanted === undefined) continue;
    steps.push(deviceStep(context, wanted));
    places.push(place);
  }
  const link = (target: string, content: string, replace: boolean, from: Origin): void => {
    if (!isFree(target)) return;
    steps.push({ origin: from, step: { kind: 'symlink', target, content, replace } });
    places.push(target);
  };
  const clause = fromClause('runtime-linux.md, Dev symbolic links');
  for (const [target, content] of DEFAULT_LINKS) link(target, content, false, clause);
  // An image's own /dev/ptmx would open a terminal of the host's devpts.
  link(PTMX, 'pts/ptmx', true, origin);
  return { steps, places };
}

/** What `linux.devices` wants, by place; undefined where the host's own is left as it is. */
function configuredDevices(
  { spec, warn }: Context,
  mounts: readonly ReadMount[],
): ReadonlyMap<string, Wanted | undefined> {
  const places = new Map<string, Wanted | undefined>();
  const left: string[] = [];
  for (const [index, device] of (spec.linux?.devices ?? []).entries()) {
    const place = comparable(device.path);
    // Engines name a device twice when their user does; two different ones at one path are refused before.
    if (places.has(place)) continue;
    const wanted = { device, origin: fromConfig(`/linux/devices/${index}`) };
    const isLeft = isOfHost(place, mounts);
    if (isLeft) left.push(place);
    places.set(place, isLeft ? undefined : wanted);
  }
  if (left.length > 0) {
    const shown = left.length > MOST_NAMED ? `${left.length} devices` : left.join(', ');
    warn(`linux.devices: ${shown} left as they are: the configuration binds them from the host`);
  }
  return places;
}

function deviceStep(context: Context, { device, origin }: Wanted): Draft {
  const { path, type, fileMode, uid, gid } = device;
  const target = fromRoot(path);
  const typeBits = TYPE_BITS[type] ?? 0;
  const major = Number(device.major ?? 0);
  const minor = Number(device.minor ?? 0);
  // Anybody may make a FIFO; a node of a device needs a right that no user namespace gives.
  if (type !== 'p' && !mayMakeNodes(context)) {
    return {
      origin,
      step: { kind: 'bindDevice', target, source: target, type: typeBits, major, minor },
    };
  }
  return {
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
  };
}

const mayMakeNodes = ({ namespaces, facts }: Context): boolean =>
  !namespaces.has('user') && hasCapability(facts.capabilities.permitted, 'CAP_MKNOD');
