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
  const top = mounts.findLast(
    (read) => !read.options.remount && (read.place === place || isBelow(place, read.place)),
  );
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
  const taken = new Set([...mounts.map(({ place }) => place), ...configured.keys()]);
  const isFree = (path: string): boolean => !taken.has(path) && !isOfHost(path, mounts);
  const origin = fromClause('config-linux.md, Default Devices');
  const devices = [
    ...DEFAULT_DEVICES.filter(({ path }) => isFree(path)).map((device) => ({ device, origin })),
    ...[...configured.values()].filter((wanted) => wanted !== undefined),
  ];
  const links = [
    ...DEFAULT_LINKS.filter(([target]) => isFree(target)).map(([target, content]) => ({
      origin: fromClause('runtime-linux.md, Dev symbolic links'),
      step: { kind: 'symlink', target, content, replace: false } as const,
    })),
    // An image's own /dev/ptmx would open a terminal of the host's devpts.
    ...[PTMX].filter(isFree).map((target) => ({
      origin,
      step: { kind: 'symlink', target, content: 'pts/ptmx', replace: true } as const,
    })),
  ];
  return {
    steps: [...devices.flatMap((wanted) => deviceStep(context, wanted)), ...links],
    places: [
      ...devices.map(({ device }) => comparable(device.path)),
      ...links.map(({ step }) => step.target),
    ],
  };
}

/** What `linux.devices` wants, by place; undefined where the host's own is left as it is. */
function configuredDevices(
  { spec, warn }: Context,
  mounts: readonly ReadMount[],
): ReadonlyMap<string, Wanted | undefined> {
  const places = new Map<string, Wanted | undefined>();
  for (const [index, device] of (spec.linux?.devices ?? []).entries()) {
    const place = comparable(device.path);
    // Engines name a device twice when their user does; two different ones at one path are refused before.
    if (places.has(place)) continue;
    const wanted = { device, origin: fromConfig(`/linux/devices/${index}`) };
    places.set(place, isOfHost(place, mounts) ? undefined : wanted);
  }
  const left = [...places].filter(([, wanted]) => wanted === undefined).map(([place]) => place);
  if (left.length > 0) {
    const shown = left.length > MOST_NAMED ? `${left.length} devices` : left.join(', ');
    warn(`linux.devices: ${shown} left as they are: the configuration binds them from the host`);
  }
  return places;
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
  !namespaces.has('user') && hasCapability(facts.capabilities.permitted, 'CAP_MKNOD');

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
