import type { Context } from './input.ts';
import { type Draft, fromClause, fromConfig, fromRuntime } from './origin.ts';
import { STAGES, type Stage } from './stages.ts';
import type { Origin } from './step.ts';

/** Init tells that it has come to a point, and waits for the steps of the runtime that follow. */
export function barrier(stage: Stage, origin: Origin): Draft {
  return { origin, step: { kind: 'barrier', stage: STAGES.indexOf(stage) } };
}

/**
 * The cgroup comes first of all, so that nothing of the container ever runs outside of it.
 * @param slots of the `tasks` files
 */
export function enterCgroup({ spec }: Context, slots: readonly number[]): Draft[] {
  const origin = spec.linux?.cgroupsPath
    ? fromConfig('/linux/cgroupsPath')
    : fromClause('config-linux.md, Cgroups Path');
  return [
    { origin, step: { kind: 'makeCgroup' } },
    ...(slots.length === 0 ? [] : [{ origin, step: { kind: 'joinCgroup', slots } } as const]),
  ];
}

/** The limits, and which devices may be used, before any hook and any program of the container runs. */
export function applyResources({ spec }: Context): Draft[] {
  const origin =
    spec.linux?.resources === undefined
      ? fromClause('config-linux.md, Default Devices')
      : fromConfig('/linux/resources');
  return [{ origin, step: { kind: 'applyResources' } }];
}

/** The hooks of one phase that run in the namespaces of the runtime. */
export function runtimeHooks({ spec }: Context, phase: 'prestart' | 'createRuntime'): Draft[] {
  const count = spec.hooks?.[phase]?.length ?? 0;
  if (count === 0) return [];
  return [{ origin: fromConfig(`/hooks/${phase}`), step: { kind: 'runtimeHooks', phase, count } }];
}

/** From here on the container outlives the runtime that created it. */
export function record(): Draft {
  return {
    origin: fromRuntime(
      'the state is written when everything that can fail at create has been done',
    ),
    step: { kind: 'record' },
  };
}
