import { RuntimeError } from '../error.ts';
import type { NamespaceType, Process, Spec } from '../spec/types.ts';
import { inPhase, slotsFor, withSaid } from './assemble.ts';
import { limitCapabilities } from './capabilities.ts';
import type { Compiled } from './compile.ts';
import { openConsole } from './console.ts';
import type { ExecProcess } from './exec-process.ts';
import { executeProgram } from './execute.ts';
import type { HostFacts } from './facts.ts';
import { takeIdsAgain } from './ids.ts';
import type { Context, SeccompProgram } from './input.ts';
import { limitProcess, raiseRlimits, setOomScore, setPersonality } from './limits.ts';
import { CLONE_FLAGS, NO_SLOT, viewNamespaces } from './namespaces.ts';
import { type Draft, fromConfig, fromRuntime } from './origin.ts';
import { takeUser } from './process.ts';
import { barrier } from './runtime-side.ts';
import type { Origin, PlannedStep } from './step.ts';

/** The slot of the pidfd of the container's init; the preserved descriptors come after it. */
const INIT_SLOT = 0;
/** How many slots the helper has (addon/init/report.h). */
const MAX_SLOTS = 64;
const FIRST_PROGRAM_DESCRIPTOR = 3;
const CGROUP_TASKS = 'cgroup tasks';
const CGROUP_DIRECTORY = 'cgroup directory';

/** Everything that `exec` is compiled from. */
export interface ExecInput extends ExecProcess {
  /** The configuration of the container as it was at create; its process does not count. */
  readonly spec: Spec;
  readonly id: string;
  /** Absolute path of the root file system, for a container without a mount namespace of its own. */
  readonly rootfs: string;
  readonly facts: HostFacts;
  /** The namespaces in which init is and the runtime is not. */
  readonly entered: readonly NamespaceType[];
  /** The `--cgroup` options, for the origin of the step; the facts say how the cgroup is joined. */
  readonly cgroups: readonly string[];
  /** Whether the container has a session keyring of its own. */
  readonly sessionKeyring: boolean;
  /** How many descriptors of the caller the program gets, at 3 and up; they travel after the pidfd of init. */
  readonly preserveFds: number;
  readonly seccomp: SeccompProgram | undefined;
  readonly pidFile: string | undefined;
}

/**
 * Compiles a process that is to run in a container into the plan for `exec`. Pure, like `compileCreate`, and made of
 * the same families of steps.
 *
 * @returns the plan, and warnings for people
 * @throws RuntimeError for what cannot be done
 */
export function compileExec(input: ExecInput): Compiled {
  const { spec, process, preserveFds, said } = input;
  const slots = nameSlots(input);
  const warnings: string[] = [];
  const context: Context = {
    spec: { ...spec, process },
    id: input.id,
    bundle: '',
    rootfs: input.rootfs,
    sourceSlots: new Map(),
    facts: input.facts,
    noPivot: false,
    noNewKeyring: true,
    preserveFds,
    seccomp: input.seccomp,
    hookState: () => {
      throw new TypeError('exec runs no hooks');
    },
    namespaces: viewNamespaces(spec),
    warn: (text) => {
      warnings.push(text);
    },
  };
  const steps = withSaid(orderSteps(context, input, slots), said);
  const firstOwnDescriptor = FIRST_PROGRAM_DESCRIPTOR + preserveFds + 1;
  return { plan: { steps, slots, firstOwnDescriptor }, warnings };
}

/** @throws RuntimeError for more descriptors than the helper has slots */
function nameSlots({ preserveFds, facts: { cgroupEntrance } }: ExecInput): string[] {
  const slots = ['init of the container'];
  for (let index = 0; index < preserveFds; index++) {
    slots.push(`descriptor ${FIRST_PROGRAM_DESCRIPTOR + index}`);
  }
  for (let index = 0; index < cgroupEntrance.tasks; index++) slots.push(CGROUP_TASKS);
  if (cgroupEntrance.directory) slots.push(CGROUP_DIRECTORY);
  if (slots.length > MAX_SLOTS) {
    const most = MAX_SLOTS - (slots.length - preserveFds);
    const detail = `at most ${most} can be passed on, not ${preserveFds}`;
    throw new RuntimeError({ operation: 'preserve descriptors', detail });
  }
  return slots;
}

function orderSteps(context: Context, input: ExecInput, slots: readonly string[]): PlannedStep[] {
  const { process } = input;
  const tasks = slotsFor(CGROUP_TASKS, slots);
  const directory = slots.indexOf(CGROUP_DIRECTORY);
  const { outside, inside } = splitNamespaces(input);
  const capabilities = limitCapabilities(context);
  return [
    // The outer helper, with the rights of the runtime. The cgroup is first, so that nothing of it is ever outside.
    ...inPhase('place', [
      ...joinCgroup(input, tasks),
      ...setOomScore(context),
      ...raiseRlimits(context),
    ]),

    // The process is a child of who enters them, because a pid namespace is entered by children only.
    ...inPhase('namespaces', [
      ...enterNamespaces(context, outside, process),
      {
        origin: fromRuntime('a pid namespace is entered by children only'),
        step: { kind: 'forkInit', flags: 0n, cgroup: directory < 0 ? NO_SLOT : directory },
      },
    ]),

    // Ids first: an unmapped one may do nothing in the user namespace.
    ...inPhase('identity', [
      ...enterCgroupNamespace(context, inside),
      ...takeIdsAgain(context),
      {
        origin: fromRuntime('no terminal of the caller controls the process'),
        step: { kind: 'newSession' },
      },
    ]),

    ...inPhase('rootfs', useRootfs(context)),

    // The terminal is one of the container's devpts. Its /dev/console is that of init and stays so.
    ...inPhase('devices', openConsole(context).map(withoutConsole)),

    // From here on as in compile.ts, for the same reasons.
    ...inPhase('limits', [...joinKeyring(input), ...limitProcess(context)]),
    ...inPhase('user', takeUser(context, process, capabilities.bound)),
    ...inPhase('ready', [
      barrier('ready', fromRuntime('the caller learns the pid before the program runs')),
      ...writePid(input),
    ]),
    ...inPhase('execute', [
      ...setPersonality(context),
      ...executeProgram(context, process, capabilities.set),
    ]),
  ];
}

function joinCgroup({ cgroups }: ExecInput, slots: readonly number[]): Draft[] {
  if (slots.length === 0) return [];
  const origin: Origin =
    cgroups.length > 0
      ? { from: 'caller', parts: cgroups.map((asked) => `--cgroup ${asked}`) }
      : fromRuntime('the process lives in the cgroup of the container');
  return [{ origin, step: { kind: 'joinCgroup', slots } }];
}

/**
 * All namespaces are entered before there is a process that the container's can see, because one that may trace it
 * would come through it to where the container is not. That of cgroups has to wait: a process is not born into a v2
 * cgroup from outside of its own namespace's root. That of users waits with it, because it takes the rights to it away,
 * and in a container with one nobody may trace who has come from outside.
 */
function splitNamespaces({ entered, facts }: ExecInput) {
  const waits = (type: NamespaceType): boolean =>
    facts.cgroupEntrance.directory &&
    entered.includes('cgroup') &&
    (type === 'cgroup' || type === 'user');
  return {
    outside: entered.filter((type) => !waits(type)),
    inside: entered.filter(waits),
  };
}

/** Those of init, whatever config.json says: a file that a namespace was joined by may be gone by now. */
function enterNamespaces(
  context: Context,
  types: readonly NamespaceType[],
  { apparmorProfile, selinuxLabel }: Process,
): Draft[] {
  if (types.length === 0) return [];
  const keepProcfs = Boolean(apparmorProfile) || Boolean(selinuxLabel);
  return [
    {
      origin: originOf(context, types),
      step: { kind: 'enterNamespaces', process: INIT_SLOT, types: bitsOf(types), keepProcfs },
    },
  ];
}

function enterCgroupNamespace(context: Context, types: readonly NamespaceType[]): Draft[] {
  if (types.length === 0) return [];
  return [
    {
      origin: originOf(context, types),
      step: { kind: 'enterCgroupNamespace', process: INIT_SLOT, types: bitsOf(types) },
    },
  ];
}

function bitsOf(types: readonly NamespaceType[]): bigint {
  let bits = 0n;
  for (const type of types) bits |= BigInt(CLONE_FLAGS[type]);
  return bits;
}

function originOf({ namespaces }: Context, types: readonly NamespaceType[]): Origin {
  const pointers: string[] = [];
  for (const type of types) {
    const pointer = namespaces.pointer(type);
    if (pointer !== undefined) pointers.push(pointer);
  }
  return pointers.length > 0
    ? fromConfig(...pointers)
    : fromRuntime('the process is where init of the container is');
}

/** To enter a mount namespace is to be in its root, which is the rootfs where `create` has made the namespace. */
function useRootfs({ namespaces, rootfs }: Context): Draft[] {
  const origin = fromConfig('/root/path');
  if (namespaces.makes('mount')) return [{ origin, step: { kind: 'useRoot', path: '/' } }];
  return [
    { origin, step: { kind: 'useRoot', path: rootfs } },
    {
      origin: fromRuntime('others have their root in this mount namespace'),
      step: { kind: 'chrootOnly' },
    },
  ];
}

function withoutConsole({ origin, step }: Draft): Draft {
  return { origin, step: step.kind === 'openConsole' ? { ...step, bindConsole: false } : step };
}

function joinKeyring({ sessionKeyring, id }: ExecInput): Draft[] {
  if (!sessionKeyring) return [];
  return [
    {
      origin: fromRuntime('the process has the keys of the container, and not those of the caller'),
      step: { kind: 'sessionKeyring', name: `_ses.${id}`, searchable: false },
    },
  ];
}

function writePid({ pidFile }: ExecInput): Draft[] {
  if (pidFile === undefined) return [];
  return [
    {
      origin: { from: 'caller', parts: ['--pid-file'] },
      step: { kind: 'writePid', path: pidFile },
    },
  ];
}
