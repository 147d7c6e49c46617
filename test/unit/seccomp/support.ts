import { compileSeccomp } from '../../../src/seccomp/compile.ts';
import type { Seccomp, SeccompSyscall } from '../../../src/spec/types.ts';
import { evaluate, type SystemCall } from './evaluate.ts';

export const X86_64 = 0xc000_003e;
export const I386 = 0x4000_0003;
export const AARCH64 = 0xc000_00b7;
export const X32_BIT = 0x4000_0000;

export const ALLOW = 0x7fff_0000;
export const LOG = 0x7ffc_0000;
export const KILL_THREAD = 0;
export const EPERM = 0x0005_0001;
export const ENOSYS = 0x0005_0026;

/** The filter is the one of this architecture on every machine that runs the tests of x86_64. */
export const compile = (seccomp: Seccomp) => compileSeccomp(seccomp, 'x64');

/** What a profile with these entries says about a call of x86_64. */
export function verdict(seccomp: Seccomp, number: number, ...args: bigint[]): number {
  return ask(seccomp, { architecture: X86_64, number, args });
}

export const ask = (seccomp: Seccomp, call: SystemCall): number =>
  evaluate(compile(seccomp).filter, call);

export const allowing = (...syscalls: SeccompSyscall[]): Seccomp => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls,
});

/** The error that compiling gives; throws where there is none. */
export function refusal(seccomp: Seccomp): unknown {
  try {
    compile(seccomp);
  } catch (error) {
    return error;
  }
  throw new Error('it was compiled');
}
