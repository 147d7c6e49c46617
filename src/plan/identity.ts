import { takeIds } from './ids.ts';
import type { Context } from './input.ts';
import { type Draft, fromConfig, fromRuntime } from './origin.ts';

/**
 * The steps by which init becomes somebody in its namespaces: ids before all else, because the rest needs rights in
 * the user namespace.
 */
export function takeIdentity(context: Context): Draft[] {
  const { namespaces } = context;
  const steps: Draft[] = [
    ...takeIds(context),
    {
      origin: fromRuntime('no terminal of the caller controls the container'),
      step: { kind: 'newSession' },
    },
  ];
  const network = namespaces.pointer('network');
  if (network !== undefined && namespaces.makes('network')) {
    steps.push({ origin: fromConfig(network), step: { kind: 'loopbackUp' } });
  }
  for (const kind of ['hostname', 'domainname'] as const) {
    const name = context.spec[kind];
    if (name === undefined || name === '') continue;
    steps.push({ origin: fromConfig(`/${kind}`), step: { kind, name } });
  }
  return steps;
}
