import type { Seccomp } from '../spec/types.ts';
import { failAt } from './failure.ts';
import { ARCHITECTURES, NATIVE_ARCHITECTURES } from './names.ts';

/** One that a filter is for. */
export interface Architecture {
  /** SCMP_ARCH_*. */
  readonly token: number;
  /** What in config.json asks for it. */
  readonly pointer: string;
}

/**
 * All architectures of a profile, each once. The native one is always there, and first: it is asked most.
 *
 * @param hostArch the native one, as `process.arch` has it.
 * @throws RuntimeError where there are no filters for it.
 */
export function architecturesOf(seccomp: Seccomp, hostArch: string): Architecture[] {
  const native = NATIVE_ARCHITECTURES[hostArch];
  if (native === undefined) {
    failAt('/linux/seccomp', `there are no filters for ${hostArch} machines`);
  }
  const listed = (seccomp.architectures ?? []).map((name, index) => ({
    token: ARCHITECTURES[name],
    pointer: `/linux/seccomp/architectures/${index}`,
  }));
  const all = [{ token: ARCHITECTURES[native], pointer: '/linux/seccomp' }, ...listed];
  return all.filter(
    ({ token }, index) => all.findIndex((other) => other.token === token) === index,
  );
}
