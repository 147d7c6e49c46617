import type { Mount } from '../spec/types.ts';
import { hasCapability } from './capability-names.ts';
import type { Context } from './input.ts';
import { meaningOf, PROPAGATION } from './mount-options.ts';
import type { ReadMount } from './mounts.ts';
import { type Draft, fromConfig } from './origin.ts';

/** Relative sources begin at the bundle (config.md, Mounts). */
export const sourcePath = ({ bundle }: Context, { source = '' }: Mount): string =>
  source.startsWith('/') ? source : `${bundle}/${source}`;

/**
 * The steps that take the sources of bind mounts before a user namespace takes the right to reach them, and the slots
 * they are kept in by pointer. A runtime without CAP_SYS_ADMIN has no rights to lose.
 *
 * @param binds the bind mounts of the configuration that take a source
 * @param firstSlot the first one that is free
 * @param slots how many there are; what is beyond is opened inside, where it may be out of reach
 */
export function cloneSources(
  context: Context,
  binds: readonly ReadMount[],
  firstSlot: number,
  slots: number,
): { readonly steps: Draft[]; readonly sourceSlots: ReadonlyMap<string, number> } {
  const { namespaces, facts, spec } = context;
  const steps: Draft[] = [];
  const sourceSlots = new Map<string, number>();
  if (!namespaces.has('user') || !hasCapability(facts.capabilities.permitted, 'CAP_SYS_ADMIN')) {
    return { steps, sourceSlots };
  }
  const wanted = meaningOf(spec.linux?.rootfsPropagation ?? '');
  const isShared = wanted?.is === 'propagation' && wanted.propagation === PROPAGATION.shared;
  for (const { pointer, mount, options } of binds) {
    const slot = firstSlot + steps.length;
    if (slot >= slots) break;
    sourceSlots.set(pointer, slot);
    steps.push({
      origin: fromConfig(pointer),
      step: {
        kind: 'cloneSource',
        slot,
        path: sourcePath(context, mount),
        recursive: options.bind === 'tree',
        // As everything else that the container sees of the host's mounts.
        propagation: isShared ? 0n : PROPAGATION.slave,
      },
    });
  }
  return { steps, sourceSlots };
}
