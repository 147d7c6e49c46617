import { describe, expect, test } from 'vitest';
import { compileExec } from '../../../src/plan/compile-exec.ts';
import { printPlan } from '../../../src/plan/print.ts';
import { explainFailure } from '../../../src/plan/report.ts';
import type { Phase, StepKind } from '../../../src/plan/step.ts';
import { STEP_TABLE } from '../../../src/plan/table.ts';
import { EXEC_PLANS, execInput } from './exec-plans.ts';
import { PLAIN_HOST } from './golden-plans.ts';
import { specWith, USER_NAMESPACE } from './steps-of.ts';

const PLANS = Object.entries(EXEC_PLANS).map(([name, compile]) => ({
  name,
  steps: compile().plan.steps,
}));

describe('compileExec', () => {
  for (const [name, compile] of Object.entries(EXEC_PLANS)) {
    test(`gives the plan that is kept in golden/${name}.txt`, async () => {
      const { plan, warnings } = compile();
      const text = printPlan(plan) + warnings.map((warning) => `\nwarning: ${warning}\n`).join('');
      await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
    });
  }

  test('the program of the caller is no place in config.json when it is missing', () => {
    const { plan } = compileExec(execInput(specWith(), { args: ['nosuch'] }));
    const step = plan.steps.findIndex(({ step: { kind } }) => kind === 'findExecutable');
    const error = explainFailure({ step, subStep: 0, errno: 2, detail: '' }, plan);
    expect(error.message).toMatch(/^exec: "nosuch": executable file not found in \$PATH/);
    expect(error.pointer).toBeUndefined();
  });

  test('what the caller leaves as it is keeps its place in config.json', () => {
    const { plan } = compileExec(execInput(specWith()));
    const directory = plan.steps.find(({ step }) => step.kind === 'changeDirectory');
    expect(directory?.origin).toEqual({ from: 'config', pointers: ['/process/cwd'] });
  });

  test('more descriptors than the helper has slots are refused', () => {
    expect(() => compileExec(execInput(specWith(), {}, { preserveFds: 100 }))).toThrow(
      /preserve descriptors: at most \d+ can be passed on, not 100/,
    );
  });

  test('the root of a container without a mount namespace is that of its init', () => {
    const spec = specWith({}, { namespaces: [{ type: 'pid' }] });
    const { plan } = compileExec(execInput(spec, {}, { entered: ['pid'] }));
    expect(plan.steps.filter(({ phase }) => phase === 'rootfs').map(({ step }) => step)).toEqual([
      { kind: 'useRoot', path: '/bundle/rootfs' },
      { kind: 'chrootOnly' },
    ]);
  });

  test('the cgroup namespace waits where the process is born into a v2 cgroup, and with it the user namespace', () => {
    const spec = specWith({}, USER_NAMESPACE);
    const entered = ['user', 'mount', 'cgroup'] as const;
    const kindsWith = (directory: boolean) => {
      const facts = { ...PLAIN_HOST, cgroupEntrance: { tasks: 1, directory } };
      const { steps } = compileExec(execInput(spec, {}, { entered, facts })).plan;
      return steps
        .map(({ step }) => step)
        .filter((step) => 'types' in step)
        .map((step) => [step.kind, step.types]);
    };
    expect(kindsWith(true)).toEqual([
      ['enterNamespaces', 0x2_0000n],
      ['enterCgroupNamespace', 0x1200_0000n],
    ]);
    expect(kindsWith(false)).toEqual([['enterNamespaces', 0x1202_0000n]]);
  });

  test('who is root outside is not root in a user namespace that does not map it', () => {
    const mappings = [{ containerID: 5, hostID: 100_000, size: 10 }];
    const linux = { ...USER_NAMESPACE, uidMappings: mappings, gidMappings: mappings };
    const kinds = compileExec(execInput(specWith({}, linux))).plan.steps.map(
      ({ step }) => step.kind,
    );
    expect(kinds).not.toContain('becomeRoot');
  });
});

const PHASES: readonly Phase[] = [
  ...['place', 'namespaces', 'identity', 'rootfs', 'devices', 'limits', 'user', 'ready'],
  'execute',
] as readonly Phase[];

/** Every step of the first kind comes before every step of the second, in each plan that has both. */
const PAIRS: readonly (readonly [earlier: StepKind, later: StepKind, because: string])[] = [
  ['joinCgroup', 'oomScoreAdj', 'nothing runs outside of the cgroup'],
  ['joinCgroup', 'forkInit', 'the process is born in the cgroup'],
  ['oomScoreAdj', 'enterNamespaces', 'lowering it is a right outside of the user namespace'],
  ['raiseRlimit', 'enterNamespaces', 'raising is a right outside of the user namespace'],
  ['enterNamespaces', 'forkInit', 'who is seen in the pid namespace is nowhere outside'],
  ['forkInit', 'enterCgroupNamespace', 'a v2 cgroup is not reached from inside'],
  ['enterCgroupNamespace', 'becomeRoot', 'the ids are those of the user namespace'],
  ['becomeRoot', 'sessionKeyring', 'a keyring is found by its user, in its user namespace'],
  ['newSession', 'openConsole', 'only a session leader has a controlling terminal'],
  ['useRoot', 'openConsole', 'the terminal is one of the container'],
  ['useRoot', 'homeDirectory', '/etc/passwd is the one of the container'],
  ['rlimit', 'setUser', 'raising a limit takes root'],
  ['ioPriority', 'setUser', 'the real-time class takes root'],
  ['boundCapabilities', 'setUser', 'dropping takes CAP_SETPCAP'],
  ['openConsole', 'ownStdio', 'the terminal is given too'],
  ['ownStdio', 'setUser', 'giving a file away takes root'],
  ['changeDirectory', 'setUser', 'root may enter what the user may not name'],
  ['setUser', 'checkDirectory', 'CVE-2024-21626: checked as the user, as the last'],
  ['setUser', 'findExecutable', 'the program is found by who runs it'],
  ['findExecutable', 'barrier', 'nobody is told the pid of a program that is missing'],
  ['barrier', 'writePid', 'the runtime does it while the process waits'],
  ['setUser', 'setCapabilities', 'changing the user takes capabilities away'],
  ['execLabel', 'noNewPrivileges', 'under no_new_privs a confined process may not ask'],
  ['placeDescriptors', 'seccomp', 'a filter may forbid close_range(2)'],
  ['announce', 'seccomp', 'a filter may forbid sendmsg(2)'],
  ['personality', 'seccomp', 'a filter may forbid personality(2)'],
  ['seccomp', 'execute', 'the program runs under the filter'],
  ['setCapabilities', 'execute', 'the program has the capabilities'],
];

describe('the order of an exec', () => {
  test.each(PAIRS)('%s comes before %s: %s', (earlier, later) => {
    let seen = 0;
    for (const { name, steps } of PLANS) {
      const kinds = steps.map(({ step }) => step.kind);
      if (!kinds.includes(earlier) || !kinds.includes(later)) continue;
      seen += 1;
      expect(kinds.lastIndexOf(earlier), `in ${name}`).toBeLessThan(kinds.indexOf(later));
    }
    expect(seen, 'plans that have both').toBeGreaterThan(0);
  });

  test.each(PLANS)('$name goes through the phases in their order', ({ steps }) => {
    const phases = steps.map(({ phase }) => PHASES.indexOf(phase));
    expect(phases).toEqual(phases.toSorted((a, b) => a - b));
    expect(phases).not.toContain(-1);
  });

  test.each(PLANS)('$name is done by the outer helper, then by the process', ({ steps }) => {
    const actors = steps
      .map(({ step }) => STEP_TABLE[step.kind].actor)
      .filter((actor) => actor !== 'runtime');
    expect(actors.lastIndexOf('outer')).toBeLessThan(actors.indexOf('init'));
    expect(actors.at(-1)).toBe('init');
  });

  test.each(PLANS)('$name makes no mount and no namespace, and waits for no start', ({ steps }) => {
    const kinds = new Set(steps.map(({ step }) => step.kind));
    for (const kind of ['mountBind', 'openRoot', 'pivotRoot', 'waitForStart'] as const) {
      expect(kinds).not.toContain(kind);
    }
    expect(steps.find(({ step }) => step.kind === 'forkInit')?.step).toMatchObject({ flags: 0n });
  });
});
