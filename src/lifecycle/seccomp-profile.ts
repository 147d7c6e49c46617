import type { SeccompProgram } from '../plan/input.ts';
import type { Spec } from '../spec/types.ts';
import type { Log, LogLevel } from './options.ts';

/**
 * Compiles the seccomp profile of a configuration; a container without one loads no compiler.
 *
 * @param level at which warnings are logged, such as a system call that nobody knows
 * @throws RuntimeError with the pointer of what cannot be compiled
 */
export async function compileProfile(
  spec: Spec,
  log: Log,
  level: LogLevel,
): Promise<SeccompProgram | undefined> {
  const seccomp = spec.linux?.seccomp;
  if (seccomp === undefined) return undefined;
  const { compileSeccomp } = await import('../seccomp/compile.ts');
  const { warnings, ...program } = compileSeccomp(seccomp, process.arch);
  for (const warning of warnings) log(level, warning);
  return program;
}
