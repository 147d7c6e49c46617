import { RuntimeError } from '../error.ts';
import { inPhase, slotsFor, withSaid } from './assemble.ts';
import { limitCapabilities } from './capabilities.ts';
import { openConsole } from './console.ts';
import { makeDevices } from './devices.ts';
import { executeProgram } from './execute.ts';
import { insideHooks } from './hooks.ts';
import { takeIdentity } from './identity.ts';
import type { CompileInput, Context } from './input.ts';
import { limitProcess, raiseRlimits, setOomScore, setPersonality } from './limits.ts';
import { isBind, placeMounts, readMounts } from './mounts.ts';
import {
  forkInit,
  joinNamespaces,
  makeTimeNamespace,
  NO_SLOT,
  viewNamespaces,
} from './namespaces.ts';
import { fromRuntime } from './origin.ts';
import { hidePaths } from './paths.ts';
import { makeDirectory, takeUser } from './process.ts';
import { enterRootfs, finishRootfs, openRootfs } from './rootfs.ts';
import { applyResources, barrier, enterCgroup, record, runtimeHooks } from './runtime-side.ts';
import { cloneSources } from './sources.ts';
import type { Plan, PlannedStep } from './step.ts';
import { setSysctls } from './sysctl.ts';

export type { CompileInput, HookState, SeccompProgram } from './input.ts';

/** The slot of the socket on which init waits for `start`. */
export const GATE_SLOT = 0;
/** How many descriptors travel with a plan, and how many slots the helper has for those and its own (report.h). */
const MAX_SENT = 64;
const MAX_SLOTS = 512;
const FIRST_PROGRAM_DESCRIPTOR = 3;
const CGROUP_TASKS = 'cgroup tasks';
const CGROUP_DIRECTORY = 'cgroup directory';

export interface Compiled {
  readonly plan: Plan;
  /** What was left out of the configuration because this host cannot do it, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Compiles a validated configuration into the plan for `create` and `start`. Pure: what the host decides comes in
 * `facts`. This is the one place where the order of the steps is written.
 *
 * @returns the plan, and warnings for people
 * @throws RuntimeError with the pointer of what cannot be done
 */
export function compileCreate(input: CompileInput): Compiled {
  const warnings: string[] = [];
  const warn = (text: string): void => {
    warnings.push(text);
  };
  const context: Context = {
    ...input,
    namespaces: viewNamespaces(input.spec),
    warn,
    sourceSlots: new Map(),
  };
  const slots = nameSlots(context);
  const steps = withSaid(orderSteps(context, slots), input.said);
  // One number below the floor stays free: init needs it to accept `start` under a low RLIMIT_NOFILE.
  const firstOwnDescriptor = FIRST_PROGRAM_DESCRIPTOR + input.preserveFds + 1;
  return { plan: { steps, slots, firstOwnDescriptor }, warnings };
}

/** @throws RuntimeError for more descriptors than the helper has slots */
function nameSlots({ preserveFds, facts: { cgroupEntrance } }: Context): string[] {
  const slots = ['start gate'];
  for (let index = 0; index < preserveFds; index++) {
    slots.push(`descriptor ${FIRST_PROGRAM_DESCRIPTOR + index}`);
  }
  for (let index = 0; index < cgroupEntrance.tasks; index++) slots.push(CGROUP_TASKS);
  if (cgroupEntrance.directory) slots.push(CGROUP_DIRECTORY);
  if (slots.length > MAX_SENT) {
    const most = MAX_SENT - (slots.length - preserveFds);
    const detail = `at most ${most} can be passed on, not ${preserveFds}`;
    throw new RuntimeError({ operation: 'preserve descriptors', detail });
  }
  return slots;
}

function orderSteps(context: Context, slots: readonly string[]): PlannedStep[] {
  const { process } = context.spec;
  const tasks = slotsFor(CGROUP_TASKS, slots);
  const directory = slots.indexOf(CGROUP_DIRECTORY);
  const mounts = readMounts(context);
  const devices = makeDevices(context, mounts);
  const firstSource = slots.length + context.namespaces.joined.length;
  const binds = mounts.filter((read) => isBind(read) && !read.options.remount);
  const sources = cloneSources(context, binds, firstSource, MAX_SLOTS);
  const { sourceSlots } = sources;
  const mountSteps = placeMounts({ ...context, sourceSlots }, mounts, devices.places);
  const capabilities = limitCapabilities(context);

  return [
    // The outer helper, with the rights of the runtime: everything that a user namespace would take the right to.
    // The cgroup is first, so that no process of the container was ever outside of it.
    ...inPhase('place', [
      ...enterCgroup(context, tasks),
      ...setOomScore(context),
      ...raiseRlimits(context),
      ...sources.steps,
    ]),

    // Joining comes before making: a new namespace belongs to the user namespace that one is in, and a pid namespace
    // is entered only by children. The clocks can be set only while nobody is in the time namespace.
    ...inPhase('namespaces', [
      ...joinNamespaces(context, slots.length),
      ...makeTimeNamespace(context),
      forkInit(context, directory < 0 ? NO_SLOT : directory),
    ]),

    // From here on it is init. Ids first: an unmapped one may do nothing in the user namespace.
    ...inPhase('identity', takeIdentity(context)),

    // Propagation is cut before the first mount is made, or the host would see it. The rootfs is a mount of its own
    // before anything is mounted in it, so that all of it moves together.
    ...inPhase('rootfs', openRootfs(context)),

    // In the order of the configuration: a later one may lie in an earlier one, or hide it on purpose.
    ...inPhase('mounts', mountSteps.now),

    // After the mounts, because /dev is one of them; the console last, because it needs devpts.
    ...inPhase('devices', [...devices.steps, ...openConsole(context)]),

    // config.md, POSIX-platform Hooks: prestart and createRuntime after the namespaces are made and before
    // pivot_root, createContainer after those two and before pivot_root too. The limits are on before any of them
    // runs. All of them may still mount and make files in the rootfs.
    ...inPhase('hooks', [
      barrier(
        'mounted',
        fromRuntime('limits and hooks of the runtime come before the root is changed'),
      ),
      ...applyResources(context),
      ...runtimeHooks(context, 'prestart'),
      ...runtimeHooks(context, 'createRuntime'),
      ...insideHooks(context, 'createContainer'),
    ]),

    // What makes things unwritable comes after all that writes: the working directory, which may lie in what a hook
    // mounted, and the kernel parameters, which are read-only paths as a rule.
    ...inPhase('seal', [
      ...makeDirectory(context),
      ...setSysctls(context),
      ...mountSteps.late,
      ...hidePaths(context),
    ]),

    // Paths are masked before: nobody is ever in the new root while they are visible. The propagation of the root
    // comes after, because pivot_root(2) refuses a shared one.
    ...inPhase('pivot', [enterRootfs(context), ...finishRootfs(context)]),

    // Limits before the user: raising a hard limit and most priorities need root.
    ...inPhase('limits', limitProcess(context)),

    // The bounding set before the user, because dropping from it needs CAP_SETPCAP; the working directory before the
    // user, because root may enter what the user may not name, and it is checked after, as the user
    // (CVE-2024-21626). The program is looked up by the user who will run it.
    ...inPhase('user', process === undefined ? [] : takeUser(context, process, capabilities.bound)),

    // Everything that can fail at `create` has been done.
    ...inPhase('ready', [
      barrier('ready', fromRuntime('the container counts as created from here')),
      record(),
    ]),

    // config.md, POSIX-platform Hooks: startContainer after `start` and before the program.
    ...inPhase('start', [
      {
        origin: fromRuntime('create and start are two commands'),
        step: { kind: 'waitForStart', gate: GATE_SLOT },
      },
      ...insideHooks(context, 'startContainer'),
    ]),

    // The execution domain after every hook, which has its own; the rest in execute.ts, because its order depends on
    // no_new_privs.
    ...inPhase(
      'execute',
      process === undefined
        ? []
        : [...setPersonality(context), ...executeProgram(context, process, capabilities.set)],
    ),
  ];
}
