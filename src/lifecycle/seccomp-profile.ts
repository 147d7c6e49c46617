import type { CompiledSeccomp } from '../seccomp/compile.ts';
import type { Seccomp, Spec } from '../spec/types.ts';
import type { Context, LogLevel } from './options.ts';
import { findFilter } from './seccomp-cache.ts';
import { seccompKey } from './seccomp-entry.ts';

/**
 * Compiles the seccomp profile of a configuration, where its filter is not there from another container; only then is
 * the compiler loaded.
 *
 * @param level at which warnings are logged, such as a system call that nobody knows
 * @throws RuntimeError with the pointer of what cannot be compiled
 */
export async function compileProfile(
  spec: Spec,
  context: Context,
  level: LogLevel,
): Promise<Omit<CompiledSeccomp, 'warnings'> | undefined> {
  const seccomp = spec.linux?.seccomp;
  if (seccomp === undefined) return undefined;
  const { warnings, ...program } = await findOrCompile(seccomp, context);
  for (const warning of warnings) context.log(level, warning);
  return program;
}

async function findOrCompile(seccomp: Seccomp, context: Context): Promise<CompiledSeccomp> {
  const key = seccompKey(seccomp, process.arch);
  const found = findFilter(context, key);
  if (found !== undefined) return found;
  const { compileSeccomp } = await import('../seccomp/compile.ts');
  const { keepFilter } = await import('./seccomp-keep.ts');
  const compiled = compileSeccomp(seccomp, process.arch);
  keepFilter(context, key, compiled);
  return compiled;
}
