import type { NamespaceType, Spec } from '../spec/types.ts';
import { hasCapability } from './capability-names.ts';
import type { Context } from './input.ts';
import { type Draft, fromConfig, fromRuntime } from './origin.ts';

/** A field that names a slot and need not. */
export const NO_SLOT = 0xffffffff;

/** CLONE_NEW* of clone(2) and setns(2). */
export const CLONE_FLAGS = {
  time: 0x80,
  mount: 0x2_0000,
  cgroup: 0x200_0000,
  uts: 0x400_0000,
  ipc: 0x800_0000,
  user: 0x1000_0000,
  pid: 0x2000_0000,
  network: 0x4000_0000,
} as const satisfies Record<NamespaceType, number>;

interface Listed {
  readonly type: NamespaceType;
  readonly pointer: string;
}

/** `linux.namespaces`, sorted into what is made and what is joined. */
export interface NamespaceView {
  readonly made: readonly Listed[];
  readonly joined: readonly (Listed & { readonly path: string })[];
  readonly makes: (type: NamespaceType) => boolean;
  /** Whether the container has one of its own, made or joined. */
  readonly has: (type: NamespaceType) => boolean;
  readonly pointer: (type: NamespaceType) => string | undefined;
}

/** Sorts the namespaces of a configuration; an empty path means a new one, as Go writes an absent one. */
export function viewNamespaces(spec: Spec): NamespaceView {
  const made: Listed[] = [];
  const joined: (Listed & { readonly path: string })[] = [];
  // A type comes once (src/spec/rules/namespaces.ts).
  const pointers = new Map<NamespaceType, string>();
  spec.linux?.namespaces?.forEach(({ type, path = '' }, index) => {
    const pointer = `/linux/namespaces/${index}`;
    pointers.set(type, pointer);
    if (path === '') made.push({ type, pointer });
    else joined.push({ type, pointer, path });
  });
  return {
    made,
    joined,
    makes: (type) => made.some((namespace) => namespace.type === type),
    has: (type) => pointers.has(type),
    pointer: (type) => pointers.get(type),
  };
}

/**
 * The steps that join existing namespaces. All are opened before the first is entered: a path means something else
 * in another mount namespace.
 *
 * A runtime with CAP_SYS_ADMIN enters the user namespace last, because it has rights over every other namespace
 * now, whoever owns it, and afterwards only over those of that user namespace. One without enters it first, because
 * there alone it has rights.
 */
export function joinNamespaces({ namespaces, facts }: Context, firstSlot: number): Draft[] {
  if (namespaces.joined.length === 0) return [];
  const isAdministrator = hasCapability(facts.capabilities.permitted, 'CAP_SYS_ADMIN');
  const joined = namespaces.joined.map((namespace, index) => ({
    ...namespace,
    slot: firstSlot + index,
  }));
  const rank = ({ type }: Listed): number => {
    if (type === 'user') return isAdministrator ? 3 : 0;
    // The last of the others, although everything is open by then: it also changes root and working directory.
    return type === 'mount' ? 2 : 1;
  };
  return [
    ...joined.map(
      ({ type, path, pointer, slot }): Draft => ({
        origin: fromConfig(pointer),
        step: { kind: 'openNamespace', slot, nsType: CLONE_FLAGS[type], path },
      }),
    ),
    ...joined
      .toSorted((a, b) => rank(a) - rank(b))
      .map(
        ({ type, pointer, slot }): Draft => ({
          origin: fromConfig(pointer),
          step: { kind: 'enterNamespace', slot, nsType: CLONE_FLAGS[type] },
        }),
      ),
  ];
}

/**
 * A time namespace is made by unshare(2) for the children only, and its clocks can be set until the first process
 * is in it: before init is forked (time_namespaces(7)).
 */
export function makeTimeNamespace({ namespaces, spec }: Context): Draft[] {
  if (!namespaces.makes('time')) return [];
  const offsets = spec.linux?.timeOffsets;
  const pointers = namespaces.made.filter(({ type }) => type === 'time').map((ns) => ns.pointer);
  const lines = (['monotonic', 'boottime'] as const).map((clock) => {
    const offset = offsets?.[clock];
    return offset === undefined ? '' : `${clock} ${offset.secs ?? 0} ${offset.nanosecs ?? 0}\n`;
  });
  if (offsets !== undefined) pointers.push('/linux/timeOffsets');
  return [
    { origin: fromConfig(...pointers), step: { kind: 'timeOffsets', offsets: lines.join('') } },
  ];
}

/**
 * Init is born in all new namespaces at once; the time namespace waits for it already.
 * @param cgroup slot of the v2 cgroup's directory, or {@link NO_SLOT}
 */
export function forkInit({ namespaces }: Context, cgroup: number): Draft {
  const pointers: string[] = [];
  let flags = 0n;
  for (const { type, pointer } of namespaces.made) {
    if (type === 'time') continue;
    pointers.push(pointer);
    flags |= BigInt(CLONE_FLAGS[type]);
  }
  const origin =
    pointers.length > 0
      ? fromConfig(...pointers)
      : fromRuntime('the container is a process of its own');
  return { origin, step: { kind: 'forkInit', flags, cgroup } };
}
