import type { Seccomp, SeccompAction, SeccompArch } from '../spec/types.ts';
import {
  compileFilter,
  type FilterRefusal,
  libseccompVersion,
  resolveSyscalls,
} from '../syscalls/seccomp.ts';
import { actionValue } from './action.ts';
import { INSTRUCTION_SIZE } from './bpf.ts';
import { failAt } from './failure.ts';
import { filterFlags } from './flags.ts';
import { joinFilters, type Part } from './join.ts';
import { ACTIONS, ARCHITECTURES, NATIVE_ARCHITECTURES } from './names.ts';
import { checkNotify } from './notify.ts';
import { type OriginalRule, rulesOf } from './rules.ts';

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
const UNKNOWN = -1;

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
  const notify = checkNotify(seccomp);
  const defaultAction = actionValue(
    seccomp.defaultAction,
    seccomp.defaultErrnoRet,
    '/linux/seccomp/defaultErrnoRet',
  );
  const native = nativeArchitecture(hostArch);
  const names = [...new Set(seccomp.syscalls?.flatMap((entry) => entry.names))];
  const numbers = resolveSyscalls(native.token, names);
  const numberOf = new Map(names.map((name, index) => [name, numbers[index] ?? UNKNOWN]));
  const rules = rulesOf(seccomp, numberOf, defaultAction);

  const gated =
    REFUSING.includes(seccomp.defaultAction) && defaultAction !== (ACTIONS.SCMP_ACT_ERRNO | ENOSYS);
  const parts = architecturesOf(seccomp, native).map(({ token, pointer }): Part => {
    const filter = compilePart(token, pointer, defaultAction, rules);
    return { architecture: token, filter, newest: gated ? newestOf(token, names) : undefined };
  });
  const filter = joinFilters(parts);
  const instructions = filter.length / INSTRUCTION_SIZE;
  if (instructions > MOST_INSTRUCTIONS) {
    failAt(
      '/linux/seccomp',
      `the filter has ${instructions} instructions and the kernel takes ${MOST_INSTRUCTIONS}: use fewer rules or architectures`,
    );
  }

  const { flags, warnings } = filterFlags(seccomp.flags, notify);
  const unknown = names.filter((name) => numberOf.get(name) === UNKNOWN);
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

interface Architecture {
  readonly token: number;
  readonly pointer: string;
}

function nativeArchitecture(hostArch: string): Architecture {
  const name = NATIVE_ARCHITECTURES[hostArch];
  if (name === undefined) failAt('/linux/seccomp', `there are no filters for ${hostArch} machines`);
  return { token: ARCHITECTURES[name], pointer: '/linux/seccomp' };
}

/** The native one comes first: it is asked most. */
function architecturesOf(seccomp: Seccomp, native: Architecture): Architecture[] {
  const listed = (seccomp.architectures ?? []).map((name: SeccompArch, index) => ({
    token: ARCHITECTURES[name],
    pointer: `/linux/seccomp/architectures/${index}`,
  }));
  const all = [native, ...listed];
  return all.filter(
    ({ token }, index) => all.findIndex((other) => other.token === token) === index,
  );
}

function compilePart(
  architecture: number,
  pointer: string,
  defaultAction: number,
  rules: readonly OriginalRule[],
): Uint8Array {
  const result = compileFilter({ architecture, defaultAction, rules });
  if (result instanceof Uint8Array) return result;
  return refuse(result, pointer, rules);
}

function refuse(
  { stage, index, code }: FilterRefusal,
  pointer: string,
  rules: readonly OriginalRule[],
): never {
  const version = `libseccomp ${libseccompVersion()}`;
  switch (stage) {
    case 'filter':
      return failAt('/linux/seccomp', `${version} cannot make the filter (${code})`, code);
    case 'architecture':
      return failAt(
        pointer,
        code === 'EDOM'
          ? 'the architecture has the other byte order than this machine'
          : `${version} has no filters for this architecture (${code})`,
        code,
      );
    case 'rule': {
      const rule = rules[index];
      return failAt(
        rule?.pointer ?? '/linux/seccomp/syscalls',
        `${version} cannot add the rule for ${rule?.name ?? 'a system call'} (${code})`,
        code,
      );
    }
  }
}

/** The highest number that the profile names, undefined where it names none. */
function newestOf(architecture: number, names: readonly string[]): number | undefined {
  const numbers = resolveSyscalls(architecture, names).filter((number) => number >= 0);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function unknownWarning(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    `seccomp: libseccomp ${libseccompVersion()} does not know these system calls, which are left out: ${names.join(', ')}`,
  ];
}
