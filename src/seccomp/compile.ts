import type { Seccomp, SeccompAction } from '../spec/types.ts';
import { compileFilter, libseccompVersion } from '../syscalls/seccomp.ts';
import { INSTRUCTION_SIZE } from './bpf.ts';
import { draftOf } from './draft.ts';
import { failAt } from './failure.ts';
import { filterFlags } from './flags.ts';
import { joinFilters, type Part } from './join.ts';
import { chainLayers } from './layers.ts';
import { ACTIONS } from './names.ts';
import { refuse } from './refusal.ts';

/** A profile, ready for seccomp(2). */
export interface CompiledSeccomp {
  /** The instructions, `struct sock_filter` of 8 bytes each. */
  readonly filter: Uint8Array;
  /** SECCOMP_FILTER_FLAG_*; whoever loads it adds NEW_LISTENER if `notify` is set. */
  readonly flags: number;
  /** Whether the filter asks a listener. */
  readonly notify: boolean;
  /** The socket that gets the listener; there wherever `notify` is set. */
  readonly listenerPath?: string;
  readonly listenerMetadata?: string;
  /** One line each, for the log. */
  readonly warnings: readonly string[];
}

/** BPF_MAXINSNS of linux/bpf_common.h. */
const MOST_INSTRUCTIONS = 4096;
const ENOSYS = 38;

/** Default actions that take a system call for forbidden that their profile does not name. */
const REFUSING: readonly SeccompAction[] = [
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
];

/**
 * Compiles the `linux.seccomp` of a validated configuration (config-linux.md, "Seccomp") through libseccomp. It loads
 * nothing.
 *
 * System calls that libseccomp has no name for are left out, with a warning. Where the default is to refuse, a system
 * call with a higher number than any that the profile names gives ENOSYS: programs then fall back to an older one,
 * which EPERM would not make them do. The native architecture is always part of the filter.
 *
 * @param hostArch the architecture of this process, as `process.arch` has it.
 * @throws RuntimeError with the pointer of what cannot be compiled.
 */
export function compileSeccomp(seccomp: Seccomp, hostArch: string): CompiledSeccomp {
  const { notify, defaultAction, architectures, layers, unknown } = draftOf(seccomp, hostArch);
  const gated =
    REFUSING.includes(seccomp.defaultAction) && defaultAction !== (ACTIONS.SCMP_ACT_ERRNO | ENOSYS);
  const parts = architectures.map(({ token, pointer, newest }): Part => {
    const filters = layers.map(({ rules, encoded }) => {
      const made = compileFilter({ architecture: token, defaultAction, ...encoded });
      return made instanceof Uint8Array ? made : refuse(made, pointer, rules);
    });
    return {
      architecture: token,
      filter: chainLayers(filters, defaultAction),
      newest: gated ? newest : undefined,
    };
  });
  const filter = joinFilters(parts);
  checkLength(filter);
  const { flags, warnings } = filterFlags(seccomp.flags, notify);
  const { listenerPath, listenerMetadata } = seccomp;
  return {
    filter,
    flags,
    notify,
    ...(listenerPath !== undefined && { listenerPath }),
    ...(listenerMetadata !== undefined && { listenerMetadata }),
    warnings: [...warnings, ...unknownWarning(unknown)],
  };
}

function checkLength(filter: Uint8Array): void {
  const instructions = filter.length / INSTRUCTION_SIZE;
  if (instructions <= MOST_INSTRUCTIONS) return;
  failAt(
    '/linux/seccomp',
    `the filter has ${instructions} instructions and the kernel takes ${MOST_INSTRUCTIONS}: use fewer rules or architectures`,
  );
}

function unknownWarning(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    `seccomp: libseccomp ${libseccompVersion()} does not know these system calls, which are left out: ${names.join(', ')}`,
  ];
}
