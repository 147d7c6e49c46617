import type { Context } from './input.ts';
import { type Draft, fromConfig } from './origin.ts';
import { fromRoot } from './places.ts';

/**
 * `linux.readonlyPaths` and then `linux.maskedPaths`: making a path read-only puts a copy of its mount on top, which
 * would bring back what was masked below it.
 */
export function hidePaths({ spec, facts }: Context): Draft[] {
  const label = facts.lsm.selinux ? (spec.linux?.mountLabel ?? '') : '';
  const context = label === '' ? '' : `context=${label}`;
  return [
    ...(spec.linux?.readonlyPaths ?? []).map(
      (path, index): Draft => ({
        origin: fromConfig(`/linux/readonlyPaths/${index}`),
        step: { kind: 'readonlyPath', target: fromRoot(path) },
      }),
    ),
    ...(spec.linux?.maskedPaths ?? []).map(
      (path, index): Draft => ({
        origin: fromConfig(`/linux/maskedPaths/${index}`),
        step: { kind: 'maskPath', target: fromRoot(path), context },
      }),
    ),
  ];
}
