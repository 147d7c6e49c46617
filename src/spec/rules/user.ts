import type { IdMapping, Spec } from '../types.ts';
import { newNamespace } from './namespaces.ts';
import { expected, HIGHEST_ID, type Rule } from './rule.ts';

interface PlacedId {
  readonly kind: 'user' | 'group';
  readonly pointer: string;
  readonly id: number;
}

function idsOf({ process }: Spec): PlacedId[] {
  if (process === undefined) return [];
  const { uid, gid, additionalGids = [] } = process.user ?? {};
  // An absent id is 0; it is the object around it that asks for that.
  const around = process.user === undefined ? '/process' : '/process/user';
  const ids: PlacedId[] = [
    { kind: 'user', pointer: uid === undefined ? around : '/process/user/uid', id: uid ?? 0 },
    { kind: 'group', pointer: gid === undefined ? around : '/process/user/gid', id: gid ?? 0 },
  ];
  additionalGids.forEach((id, index) => {
    ids.push({ kind: 'group', pointer: `/process/user/additionalGids/${index}`, id });
  });
  return ids;
}

/** Ids of the process and of devices; credentials(7). */
export const legalIds: Rule = (spec, report) => {
  const ids = idsOf(spec);
  spec.linux?.devices?.forEach(({ uid, gid }, index) => {
    ids.push(
      { kind: 'user', pointer: `/linux/devices/${index}/uid`, id: uid ?? 0 },
      { kind: 'group', pointer: `/linux/devices/${index}/gid`, id: gid ?? 0 },
    );
  });
  for (const { kind, pointer, id } of ids) {
    if (id > HIGHEST_ID) report(pointer, expected(`a ${kind} id from 0 to ${HIGHEST_ID}`, id));
  }
};

/** user_namespaces(7): setuid(2) and its kin fail with EINVAL for an id that has no mapping. */
export const mappedIds: Rule = (spec, report) => {
  if (newNamespace(spec, 'user') === undefined) return;
  const { uidMappings = [], gidMappings = [] } = spec.linux ?? {};
  for (const { kind, pointer, id } of idsOf(spec)) {
    const [name, mappings] =
      kind === 'user' ? ['uidMappings', uidMappings] : ['gidMappings', gidMappings];
    // Without any mapping there is a failure that says so already.
    if (mappings.length > 0 && id <= HIGHEST_ID && !mappings.some((line) => maps(line, id))) {
      report(pointer, expected(`a ${kind} id that /linux/${name} maps`, id));
    }
  }
};

function maps({ containerID, size }: IdMapping, id: number): boolean {
  return id >= containerID && id < containerID + size;
}

/** umask(2). */
export const umask: Rule = ({ process }, report) => {
  const mask = process?.user?.umask;
  if (mask !== undefined && mask > 0o777) {
    report('/process/user/umask', expected('an integer from 0 to 511 (octal 777)', mask));
  }
};
