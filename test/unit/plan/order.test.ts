import { describe, expect, test } from 'vitest';
import { STAGES } from '../../../src/plan/stages.ts';
import type { Phase, Plan, PlannedStep, StepKind } from '../../../src/plan/step.ts';
import { STEP_TABLE } from '../../../src/plan/table.ts';
import { GOLDEN_PLANS } from './golden-plans.ts';

const PHASES: readonly Phase[] = [
  'place',
  'namespaces',
  'identity',
  'rootfs',
  'mounts',
  'devices',
  'hooks',
  'seal',
  'pivot',
  'limits',
  'user',
  'ready',
  'start',
  'execute',
];

/** A step of a kind, or one of a kind in a phase, or a barrier by its stage. */
type Place = StepKind | `${StepKind}@${Phase}` | `barrier:${(typeof STAGES)[number]}`;

/** Every step of the first comes before every step of the second, in each plan that has both. */
const PAIRS: readonly (readonly [earlier: Place, later: Place, because: string])[] = [
  ['makeCgroup', 'joinCgroup', 'what is joined has to be there'],
  ['joinCgroup', 'oomScoreAdj', 'nothing of the container runs outside of its cgroup'],
  ['joinCgroup', 'forkInit', 'init is born in the cgroup'],
  ['oomScoreAdj', 'forkInit', 'lowering it is a right outside of the user namespace'],
  ['oomScoreAdj', 'enterNamespace', 'lowering it is a right outside of the user namespace'],
  ['raiseRlimit', 'forkInit', 'raising is a right outside of the user namespace'],
  ['raiseRlimit', 'enterNamespace', 'raising is a right outside of the user namespace'],
  ['raiseRlimit', 'rlimit', 'the limit has to be there before it is taken'],
  ['openNamespace', 'enterNamespace', 'a path means something else in another mount namespace'],
  ['enterNamespace', 'timeOffsets', 'the new time namespace belongs to the user namespace'],
  ['enterNamespace', 'forkInit', 'a pid namespace is entered by children only'],
  ['timeOffsets', 'forkInit', 'clocks are set while nobody is in the namespace'],
  ['barrier:registered', 'writeIdMappings', 'the runtime is told that there is an init'],
  ['writeIdMappings', 'becomeRoot', 'an id without a mapping cannot be taken'],
  ['becomeRoot', 'loopbackUp', 'it takes a right in the user namespace'],
  ['becomeRoot', 'hostname', 'it takes a right in the user namespace'],
  ['becomeRoot', 'rootPropagation', 'it takes a right in the user namespace'],
  ['newSession', 'openConsole', 'only a session leader has a controlling terminal'],
  ['rootPropagation', 'openRoot', 'the host must not see the first mount'],
  ['openRoot', 'mountFilesystem', 'targets are resolved from the root'],
  ['openRoot', 'mountBind', 'targets are resolved from the root'],
  ['mountFilesystem', 'makeDevice', '/dev is a mount'],
  ['mountFilesystem', 'bindDevice', '/dev is a mount'],
  ['mountFilesystem', 'openConsole', 'devpts is a mount'],
  ['makeDevice', 'changeMount@seal', '/dev becomes read-only when it is filled'],
  ['bindDevice', 'changeMount@seal', '/dev becomes read-only when it is filled'],
  ['openConsole', 'changeMount@seal', '/dev/console is made in it'],
  ['barrier:mounted', 'applyResources', 'the runtime does it while init waits'],
  ['applyResources', 'runtimeHooks', 'limits hold before anything of the user runs'],
  ['runtimeHooks', 'runHook@hooks', 'config.md, POSIX-platform Hooks'],
  ['mountFilesystem', 'barrier:mounted', 'hooks of the runtime see the mounts'],
  ['runHook@hooks', 'makeDirectory@seal', 'the working directory may lie in what a hook mounted'],
  ['runHook@hooks', 'changeMount@seal', 'a hook may make devices'],
  ['runHook@hooks', 'pivotRoot', 'config.md: createContainer is before pivot_root'],
  ['sysctl', 'readonlyPath', '/proc/sys is a read-only path as a rule'],
  ['makeDirectory', 'readonlyRoot', 'a directory is made while the root can be written'],
  ['readonlyPath', 'maskPath', 'a copy of the mount would lie over the mask'],
  ['maskPath', 'pivotRoot', 'nobody is in the root while the paths are visible'],
  ['maskPath', 'moveRoot', 'nobody is in the root while the paths are visible'],
  ['readonlyPath', 'pivotRoot', 'nobody is in the root while the paths can be written'],
  ['pivotRoot', 'finalPropagation', 'pivot_root(2) refuses a shared root'],
  ['pivotRoot', 'readonlyRoot', 'the root is read-only when all is done'],
  ['pivotRoot', 'changeDirectory', 'the path is one of the container'],
  ['pivotRoot', 'homeDirectory', '/etc/passwd is the one of the container'],
  ['rlimit', 'setUser', 'raising a limit takes root'],
  ['ioPriority', 'setUser', 'the real-time class takes root'],
  ['boundCapabilities', 'setUser', 'dropping takes CAP_SETPCAP'],
  ['ownStdio', 'setUser', 'giving a file away takes root'],
  ['openConsole', 'ownStdio', 'the terminal is given too'],
  ['changeDirectory', 'setUser', 'root may enter what the user may not name'],
  ['setUser', 'checkDirectory', 'CVE-2024-21626: checked as the user, as the last'],
  ['setUser', 'findExecutable', 'the program is found by who runs it'],
  ['checkDirectory', 'findExecutable', 'a relative name starts in the working directory'],
  ['findExecutable', 'barrier:ready', 'a missing program is an error of create'],
  ['barrier:ready', 'record', 'the runtime does it while init waits'],
  ['record', 'waitForStart', 'a container that can be started is recorded'],
  ['waitForStart', 'runHook@start', 'config.md: startContainer is part of start'],
  ['runHook@start', 'placeDescriptors', 'a hook gets no descriptor of the program'],
  ['runHook@start', 'execLabel', 'a hook does not get the label of the program'],
  ['runHook@start', 'noNewPrivileges', 'a hook is not bound by it'],
  ['runHook@start', 'seccomp', 'a hook is not bound by the filter'],
  ['runHook@start', 'personality', 'a hook has the execution domain of the host'],
  ['execLabel', 'noNewPrivileges', 'under no_new_privs a confined process may not ask'],
  ['execLabel', 'seccomp', 'a filter may forbid to open and to write'],
  ['setUser', 'setCapabilities', 'changing the user takes capabilities away'],
  ['placeDescriptors', 'seccomp', 'a filter may forbid close_range(2)'],
  ['personality', 'seccomp', 'a filter may forbid personality(2)'],
  ['noNewPrivileges', 'seccomp', 'no_new_privs makes a filter possible without rights'],
  ['announce', 'seccomp', 'a filter may forbid sendmsg(2)'],
  ['seccomp', 'execute', 'the program runs under the filter'],
  ['setCapabilities', 'execute', 'the program has the capabilities'],
];

const stepsAt = ({ steps }: Plan, place: Place): number[] => {
  const [kind, stage] = place.split(':');
  const [name, phase] = (kind ?? '').split('@');
  return steps.flatMap(({ step, phase: of }, index) =>
    step.kind === name &&
    (phase === undefined || of === phase) &&
    (stage === undefined || (step.kind === 'barrier' && STAGES[step.stage] === stage))
      ? [index]
      : [],
  );
};

const actorOf = ({ step }: PlannedStep) => STEP_TABLE[step.kind].actor;
const PLANS = Object.entries(GOLDEN_PLANS).map(([name, compile]) => ({
  name,
  plan: compile().plan,
}));

describe('the order of a plan', () => {
  for (const [earlier, later, because] of PAIRS) {
    test(`${earlier} comes before ${later}: ${because}`, () => {
      let seen = 0;
      for (const { name, plan } of PLANS) {
        const [first, second] = [stepsAt(plan, earlier), stepsAt(plan, later)];
        if (first.length === 0 || second.length === 0) continue;
        seen += 1;
        expect(Math.max(...first), `in ${name}`).toBeLessThan(Math.min(...second));
      }
      expect(seen, 'plans that have both').toBeGreaterThan(0);
    });
  }

  test.each(PLANS)('$name goes through the phases in their order', ({ plan }) => {
    const phases = plan.steps.map(({ phase }) => PHASES.indexOf(phase));
    expect(phases).toEqual(phases.toSorted((a, b) => a - b));
    expect(phases).not.toContain(-1);
  });

  test.each(PLANS)('$name is done by the outer helper, then by init', ({ plan }) => {
    const actors = plan.steps.map(actorOf).filter((actor) => actor !== 'runtime');
    const fork = plan.steps.findIndex(({ step }) => step.kind === 'forkInit');
    expect(actors.lastIndexOf('outer')).toBeLessThan(actors.indexOf('init'));
    expect(plan.steps.slice(fork + 1).map(actorOf)).not.toContain('outer');
  });

  test.each(PLANS)(
    '$name has the steps of the runtime at its start and after barriers',
    ({ plan }) => {
      const starts = plan.steps.filter(
        (planned, index) =>
          actorOf(planned) === 'runtime' &&
          index > 0 &&
          actorOf(plan.steps[index - 1] as PlannedStep) !== 'runtime',
      );
      for (const planned of starts) {
        expect(plan.steps[plan.steps.indexOf(planned) - 1]?.step.kind).toBe('barrier');
      }
    },
  );

  test.each(PLANS)(
    '$name ends in the program, or waits for start without one',
    ({ name, plan }) => {
      expect(plan.steps.at(-1)?.step.kind).toBe(name === 'no-process' ? 'waitForStart' : 'execute');
    },
  );

  test('with no_new_privs the filter is loaded last of all, after the capabilities are gone', () => {
    const kinds = kindsFrom('everything', 'noNewPrivileges');
    expect(kinds).toEqual(['noNewPrivileges', 'setCapabilities', 'announce', 'seccomp', 'execute']);
  });

  test('without no_new_privs the filter is loaded while CAP_SYS_ADMIN is still there', () => {
    expect(kindsFrom('privileged', 'announce')).toEqual([
      'announce',
      'seccomp',
      'setCapabilities',
      'execute',
    ]);
  });
});

function kindsFrom(name: string, kind: StepKind): StepKind[] {
  const kinds = PLANS.find((plan) => plan.name === name)?.plan.steps.map(({ step }) => step.kind);
  return kinds?.slice(kinds.indexOf(kind)) ?? [];
}
