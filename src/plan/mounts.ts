import type { Mount } from '../spec/types.ts';
import { cgroupMount } from './cgroup-mount.ts';
import { type Context, refuse } from './input.ts';
import {
  MOUNT_ATTR,
  type PropagationChange,
  type ReadOptions,
  readOptions,
} from './mount-options.ts';
import { NO_SLOT } from './namespaces.ts';
import { type Draft, fromConfig } from './origin.ts';
import { comparable, fromRoot, isBelow } from './places.ts';
import { sourcePath } from './sources.ts';

/** One entry of `mounts`, read. */
export interface ReadMount {
  readonly mount: Mount;
  readonly pointer: string;
  /** How messages call it. */
  readonly name: string;
  readonly target: string;
  readonly place: string;
  readonly type: string;
  readonly options: ReadOptions;
}

export interface MountSteps {
  /** In the order of the configuration, which the specification demands (config.md, Mounts). */
  readonly now: readonly Draft[];
  /** What becomes read-only only after devices and hooks have been placed in it. */
  readonly late: readonly Draft[];
}

/** Files of procfs that show the host's numbers, which programs such as lxcfs replace. */
const REPLACEABLE_PROC_FILES: readonly string[] = [
  '/proc/cpuinfo',
  '/proc/diskstats',
  '/proc/loadavg',
  '/proc/meminfo',
  '/proc/net/dev',
  '/proc/slabinfo',
  '/proc/stat',
  '/proc/swaps',
  '/proc/sys/crypto/fips_enabled',
  '/proc/sys/kernel/ns_last_pid',
  '/proc/uptime',
];

/** File systems in memory: one that is mounted for a container is empty, so others are filled into it. */
const MEMORY_FILESYSTEMS: readonly string[] = ['tmpfs', 'ramfs'];
/** File systems that take no security context at mount. */
const UNLABELLED: readonly string[] = ['proc', 'sysfs', 'cgroup', 'cgroup2'];

/** Reads every entry of `mounts`. @throws RuntimeError for one that no mount can come of */
export function readMounts(context: Context): ReadMount[] {
  const mounts = context.spec.mounts ?? [];
  return mounts.map((mount, index) => readMount(mount, index));
}

function readMount(mount: Mount, index: number): ReadMount {
  const type = mount.type ?? '';
  const read: ReadMount = {
    mount,
    pointer: `/mounts/${index}`,
    name: `mounts[${index}] (${mount.destination})`,
    target: fromRoot(mount.destination),
    place: comparable(mount.destination),
    type,
    options: readOptions(mount.options ?? [], type),
  };
  const operation = `mount on ${mount.destination}`;
  if (read.options.idMap || mount.uidMappings?.length || mount.gidMappings?.length) {
    throw refuse(read.pointer, operation, 'id-mapped mounts are not supported');
  }
  if (read.place === '/') {
    throw refuse(read.pointer, operation, 'the root of the container is root.path');
  }
  if (
    isBelow(read.place, '/proc') &&
    !(isBind(read) && REPLACEABLE_PROC_FILES.includes(read.place))
  ) {
    const allowed = REPLACEABLE_PROC_FILES.join(', ');
    throw refuse(read.pointer, operation, `inside /proc only binds on ${allowed} are allowed`);
  }
  return read;
}

export const isBind = ({ type, options }: ReadMount): boolean =>
  options.bind !== 'no' || type === 'bind';

/**
 * The steps for `mounts`.
 * @param mounts what {@link readMounts} gave
 * @param devicePlaces where devices, links and the console come, in comparable form
 */
export function placeMounts(
  context: Context,
  mounts: readonly ReadMount[],
  devicePlaces: readonly string[],
): MountSteps {
  const now: Draft[] = [];
  const late: Draft[] = [];
  mounts.forEach((read, index) => {
    const { options, type } = read;
    if (options.remount) now.push(...change(read));
    else if (isBind(read)) now.push(...bind(context, read));
    else if (type === 'cgroup') now.push(...cgroupMount(context, read));
    else if (!isReadonly(options)) now.push(...filesystem(context, read, false));
    else {
      // Looked for only where it matters: for each of many mounts it is a look at all others.
      const fillFirst =
        MEMORY_FILESYSTEMS.includes(type) && isFilled(read, mounts.slice(index + 1), devicePlaces);
      now.push(...filesystem(context, read, fillFirst || options.copyUp));
      if (fillFirst) late.push(makeReadonly(read));
      else if (options.copyUp) now.push(makeReadonly(read));
    }
  });
  return { now, late };
}

/** Whether something comes below a mount that is not covered itself. */
function isFilled(
  { place }: ReadMount,
  later: readonly ReadMount[],
  devicePlaces: readonly string[],
): boolean {
  return (
    later.every((other) => other.place !== place) &&
    (later.some((other) => isBelow(other.place, place)) ||
      devicePlaces.some((device) => isBelow(device, place)))
  );
}

const isReadonly = ({ attributes, recursiveAttributes }: ReadOptions): boolean =>
  ((attributes.set | recursiveAttributes.set) & MOUNT_ATTR.RDONLY) !== 0n;

/** Something new is mounted; `fillFirst` leaves it writable for the steps that put something into it. */
function filesystem({ spec, facts, warn }: Context, read: ReadMount, fillFirst: boolean): Draft[] {
  const { mount, pointer, name, target, type, options } = read;
  if (type === '' || type === 'none') {
    throw refuse(
      pointer,
      `mount on ${mount.destination}`,
      'has neither a type nor the option bind',
    );
  }
  const copyUp = options.copyUp && type === 'tmpfs';
  if (options.copyUp && !copyUp) warn(`${name}: tmpcopyup is ignored: it is for tmpfs only`);
  const readonly = isReadonly(options);
  const words = [...options.filesystem];
  if (readonly && !fillFirst) words.unshift('ro');
  const label = spec.linux?.mountLabel ?? '';
  const origin = fromConfig(pointer);
  if (label !== '' && facts.lsm.selinux && !UNLABELLED.includes(type))
    words.push(`context=${label}`);
  const attributes = options.attributes.set | options.recursiveAttributes.set;
  const [first, ...others] = options.propagation;
  return [
    {
      origin,
      step: {
        kind: 'mountFilesystem',
        target,
        type,
        source: mount.source || type,
        options: words,
        attributes: fillFirst ? attributes & ~MOUNT_ATTR.RDONLY : attributes,
        propagation: first?.propagation ?? 0n,
        copyUp,
        // A link planted at /proc or /sys could send these two elsewhere (CVE-2023-28642).
        strictTarget: type === 'proc' || type === 'sysfs',
      },
    },
    ...others.map((propagation) => propagate(read, propagation)),
  ];
}

function bind(context: Context, read: ReadMount): Draft[] {
  const { warn } = context;
  const { mount, pointer, name, target, place, options } = read;
  for (const word of options.filesystem) {
    warn(
      `${name}: the option ${JSON.stringify(word)} is ignored: a bind mount has no file system of its own to set it for`,
    );
  }
  if (options.copyUp) warn(`${name}: tmpcopyup is ignored: it is for tmpfs only`);
  const [first, ...others] = options.propagation;
  return [
    {
      origin: fromConfig(pointer),
      step: {
        kind: 'mountBind',
        target,
        source: sourcePath(context, mount),
        sourceSlot: context.sourceSlots.get(pointer) ?? NO_SLOT,
        recursive: options.bind === 'tree',
        set: options.attributes.set,
        clear: options.attributes.clear,
        recursiveSet: options.recursiveAttributes.set,
        recursiveClear: options.recursiveAttributes.clear,
        propagation: first?.propagation ?? 0n,
        recursivePropagation: first?.recursive ?? false,
        procTarget: REPLACEABLE_PROC_FILES.includes(place),
      },
    },
    ...others.map((propagation) => propagate(read, propagation)),
  ];
}

/** `remount`: with `bind` the mount itself changes, without it the file system too (mount(2), MS_REMOUNT). */
function change(read: ReadMount): Draft[] {
  const { pointer, target, options } = read;
  const origin = fromConfig(pointer);
  const { attributes, recursiveAttributes } = options;
  const steps: Draft[] = [];
  if (isBind(read)) {
    steps.push({
      origin,
      step: { kind: 'changeMount', target, recursive: false, ...attributes, propagation: 0n },
    });
  } else {
    const words = [...options.reconfigure];
    if ((attributes.set & MOUNT_ATTR.RDONLY) !== 0n) words.unshift('ro');
    if ((attributes.clear & MOUNT_ATTR.RDONLY) !== 0n) words.unshift('rw');
    steps.push({ origin, step: { kind: 'reconfigure', target, options: words, ...attributes } });
  }
  if ((recursiveAttributes.set | recursiveAttributes.clear) !== 0n) {
    steps.push({
      origin,
      step: {
        kind: 'changeMount',
        target,
        recursive: true,
        ...recursiveAttributes,
        propagation: 0n,
      },
    });
  }
  return [...steps, ...options.propagation.map((propagation) => propagate(read, propagation))];
}

function propagate({ pointer, target }: ReadMount, change: PropagationChange): Draft {
  return {
    origin: fromConfig(pointer),
    step: { kind: 'changeMount', target, set: 0n, clear: 0n, ...change },
  };
}

function makeReadonly({ pointer, target }: ReadMount): Draft {
  return {
    origin: fromConfig(pointer),
    step: {
      kind: 'changeMount',
      target,
      recursive: false,
      set: MOUNT_ATTR.RDONLY,
      clear: 0n,
      propagation: 0n,
    },
  };
}
