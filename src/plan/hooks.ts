import type { Context } from './input.ts';
import { type Draft, fromConfig } from './origin.ts';

const MILLISECONDS = 1000;
const NOTHING = new Uint8Array();
const UNBOUND = { noNewPrivileges: false, filter: NOTHING, filterFlags: 0 };

/**
 * The hooks of one phase that run inside the container's namespaces (config.md, POSIX-platform Hooks). The path of a
 * startContainer hook is looked up in the image, so it is bound by no_new_privs and the filter like the program.
 */
export function insideHooks(
  { spec, hookState, seccomp }: Context,
  phase: 'createContainer' | 'startContainer',
): Draft[] {
  const hooks = spec.hooks?.[phase] ?? [];
  if (hooks.length === 0) return [];
  const state = hookState(phase);
  const bounds = {
    noNewPrivileges: spec.process?.noNewPrivileges ?? false,
    filter: seccomp?.filter ?? NOTHING,
    filterFlags: seccomp?.flags ?? 0,
  };
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
        ...(phase === 'startContainer' ? bounds : UNBOUND),
      },
    }),
  );
}

function boundedMilliseconds(seconds: number | undefined): number {
  const milliseconds = (seconds ?? 0) * MILLISECONDS;
  return milliseconds > 0x7fff_ffff ? 0 : milliseconds;
}
