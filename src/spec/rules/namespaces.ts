import { encodeText } from '../../bytes.ts';
import type { NamespaceType, Spec } from '../types.ts';
import { expected, type Rule } from './rule.ts';

interface PlacedNamespace {
  readonly pointer: string;
  /** Empty for a new namespace. */
  readonly path: string;
}

/** The first namespace of a kind that the container does not share with the runtime, be it new or joined. */
export function namespaceOf({ linux }: Spec, kind: NamespaceType): PlacedNamespace | undefined {
  const namespaces = linux?.namespaces ?? [];
  const index = namespaces.findIndex(({ type }) => type === kind);
  if (index < 0) return undefined;
  return { pointer: `/linux/namespaces/${index}`, path: namespaces[index]?.path ?? '' };
}

/** As {@link namespaceOf}, if it is a new one. */
export function newNamespace(spec: Spec, kind: NamespaceType): PlacedNamespace | undefined {
  const found = namespaceOf(spec, kind);
  return found?.path === '' ? found : undefined;
}

/** config-linux.md, "Namespaces": duplicates MUST be an error. */
export const uniqueNamespaces: Rule = ({ linux }, report) => {
  const seen = new Set<string>();
  linux?.namespaces?.forEach(({ type }, index) => {
    if (seen.has(type)) {
      report(
        `/linux/namespaces/${index}/type`,
        `expected each kind of namespace once, got "${type}" twice`,
      );
    }
    seen.add(type);
  });
};

/** Longest name that the kernel keeps (`__NEW_UTS_LEN`), in bytes. */
const NAME_LIMIT = 64;

/** Without a namespace of their own these names would be set for the host. An empty one is an absent one. */
export const hostNames: Rule = (spec, report) => {
  for (const property of ['hostname', 'domainname'] as const) {
    const name = spec[property];
    if (name === undefined || name === '') continue;
    if (namespaceOf(spec, 'uts') === undefined) {
      report(`/${property}`, expected('a namespace of type "uts" in /linux/namespaces', undefined));
    }
    if (encodeText(name).length > NAME_LIMIT) {
      report(`/${property}`, expected(`at most ${NAME_LIMIT} bytes`, name));
    }
  }
};

/** time_namespaces(7): offsets can be set only before anything has entered the namespace. */
export const timeOffsets: Rule = (spec, report) => {
  const offsets = spec.linux?.timeOffsets;
  if (offsets === undefined) return;
  const clocks = (['boottime', 'monotonic'] as const).filter(
    (clock) => offsets[clock] !== undefined,
  );
  const namespace = namespaceOf(spec, 'time');
  if (clocks.length > 0 && namespace?.path !== '') {
    const got = namespace === undefined ? 'none' : 'one that is joined';
    report('/linux/timeOffsets', `expected a new namespace of type "time", got ${got}`);
  }
  for (const clock of clocks) {
    const nanosecs = offsets[clock]?.nanosecs ?? 0;
    if (nanosecs > 999_999_999) {
      const pointer = `/linux/timeOffsets/${clock}/nanosecs`;
      report(pointer, expected('an integer from 0 to 999999999', nanosecs));
    }
  }
};
