import type { IdMapping } from '../spec/types.ts';
import { hasCapability } from './capability-names.ts';
import type { Context } from './input.ts';
import { type Draft, fromConfig, fromRuntime } from './origin.ts';
import { barrier } from './runtime-side.ts';

/**
 * The steps that give init its ids in a user namespace: for a new one the runtime writes the mappings while init
 * waits, because writing them needs rights outside; then init becomes root there, because an id without a mapping
 * owns nothing and can make no file.
 */
export function takeIds({ spec, namespaces }: Context): Draft[] {
  const pointer = namespaces.pointer('user');
  if (pointer === undefined) return [];
  const becomeRoot: Draft = { origin: fromConfig(pointer), step: { kind: 'becomeRoot' } };
  if (!namespaces.makes('user')) return [becomeRoot];

  const uids = spec.linux?.uidMappings ?? [];
  const gids = spec.linux?.gidMappings ?? [];
  const written: Draft[] = [
    barrier('registered', fromRuntime('id mappings are written from outside')),
    {
      origin: fromConfig('/linux/uidMappings', '/linux/gidMappings'),
      step: { kind: 'writeIdMappings', uidMap: mapText(uids), gidMap: mapText(gids) },
    },
  ];
  return mapsRoot(uids) && mapsRoot(gids) ? [...written, becomeRoot] : written;
}

/** Whether the process may set its supplementary groups: an ordinary user must give that up to map a gid. */
export function maySetGroups({ facts, namespaces }: Context): boolean {
  const mayOutside = hasCapability(facts.capabilities.permitted, 'CAP_SETGID');
  return mayOutside || (namespaces.has('user') && !namespaces.makes('user'));
}

/**
 * The step that makes a process root in the user namespace of a container that is there already, where root is mapped.
 */
export function takeIdsAgain({ spec, namespaces }: Context): Draft[] {
  const pointer = namespaces.pointer('user');
  if (pointer === undefined) return [];
  const { uidMappings = [], gidMappings = [] } = spec.linux ?? {};
  // The mappings of a namespace that was joined are its own business, and `create` has become root in it.
  if (namespaces.makes('user') && !(mapsRoot(uidMappings) && mapsRoot(gidMappings))) return [];
  return [{ origin: fromConfig(pointer), step: { kind: 'becomeRoot' } }];
}

const mapText = (mappings: readonly IdMapping[]): string =>
  mappings.map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`).join('');

const mapsRoot = (mappings: readonly IdMapping[]): boolean =>
  mappings.some(({ containerID, size }) => containerID === 0 && size > 0);
