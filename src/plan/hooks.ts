import type { Context } from './input.ts';
import { type Draft, fromConfig } from './origin.ts';

const MILLISECONDS = 1000;

/** The hooks of one phase that run inside the container's namespaces (config.md, POSIX-platform Hooks). */
export function insideHooks(
  { spec, hookState }: Context,
  phase: 'createContainer' | 'startContainer',
): Draft[] {
  const hooks = spec.hooks?.[phase] ?? [];
  if (hooks.length === 0) return [];
  const state = hookState(phase);
  return hooks.map(
    ({ path, args, env, timeout }, index): Draft => ({
      origin: fromConfig(`/hooks/${phase}/${index}`),
      step: {
        kind: 'runHook',
        path,
        args: args !== undefined && args.length > 0 ? args : [path],
        env: env ?? [],
        // 0 is no limit; what is longer than a u32 can say, seven weeks, is none either.
        timeoutMs: boundedMilliseconds(timeout),
        stateBeforePid: state.beforePid,
        stateAfterPid: state.afterPid,
      },
    }),
  );
}

function boundedMilliseconds(seconds: number | undefined): number {
  const milliseconds = (seconds ?? 0) * MILLISECONDS;
  return milliseconds > 0x7fff_ffff ? 0 : milliseconds;
}
