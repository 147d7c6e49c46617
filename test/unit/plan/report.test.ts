import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { compileCreate } from '../../../src/plan/compile.ts';
import { encodePlan } from '../../../src/plan/encode.ts';
import { errnoOf } from '../../../src/plan/errno.ts';
import { keepPlan } from '../../../src/plan/kept.ts';
import { PHRASES } from '../../../src/plan/phrases.ts';
import { readKeptPlan } from '../../../src/plan/read-kept.ts';
import { REMEDIES } from '../../../src/plan/remedies.ts';
import { explainFailure } from '../../../src/plan/report.ts';
import type { HelperKind, Plan, StepKind } from '../../../src/plan/step.ts';
import { STEP_TABLE } from '../../../src/plan/table.ts';
import { NO_STEP } from '../../../src/plan/wire.ts';
import type { Spec } from '../../../src/spec/types.ts';
import { checksum } from '../../../src/syscalls/identity.ts';
import { GOLDEN_PLANS, inputFor } from './golden-plans.ts';
import { specWith } from './steps-of.ts';

const { errno: ERRNO } = constants;

const SPEC = specWith(
  {
    process: { args: ['server'], cwd: '/', user: { uid: 1000 } },
    mounts: [
      { destination: '/data', type: 'ext4', source: '/dev/sdb1' },
      { destination: '/etc/hosts', source: '/none', options: ['bind'] },
    ],
    hooks: { createContainer: [{ path: '/hook', timeout: 2 }] },
  },
  { maskedPaths: ['/proc/kcore'] },
);

/** The message for a failure of the first step of a kind; it must be the same from the plan and from what is kept of it. */
function message(
  kind: StepKind,
  subStep: string,
  errno: number,
  { detail = '', spec = SPEC }: { detail?: string; spec?: Spec } = {},
): string {
  const { plan } = compileCreate(inputFor(spec));
  const step = plan.steps.findIndex((planned) => planned.step.kind === kind);
  const names: readonly string[] = STEP_TABLE[kind].subSteps;
  const failure = { step, subStep: names.indexOf(subStep), errno, detail };
  const error = explainFailure(failure, plan);
  const later = explainFailure(
    failure,
    readKeptPlan(keepPlan(plan, encodePlan(plan), checksum), checksum),
  );
  expect(later.message).toBe(error.message);
  return error.message;
}

const X_BIT = 'it needs an x bit for the user of the process, on a mount without noexec';

describe('explainFailure', () => {
  test('names the place in config.json, what was tried, the errno, and what it usually means', () => {
    expect(message('mountFilesystem', 'create', ERRNO.EINVAL)).toBe(
      'config.json /mounts/0: mount ext4 on /data: EINVAL (invalid argument) – wrong file-system type or bad option',
    );
  });

  test('tells sub-steps of one step apart', () => {
    expect(message('mountBind', 'source', ERRNO.ENOENT)).toBe(
      'config.json /mounts/1: bind /none on /etc/hosts: open the source: ENOENT (no such file or directory) – the source must exist on the host',
    );
    expect(message('mountBind', 'attach', ERRNO.ENOTDIR)).toBe(
      'config.json /mounts/1: bind /none on /etc/hosts: attach it: ENOTDIR (not a directory) – a directory is mounted on a directory, a file on a file',
    );
  });

  test('keeps what the kernel said', () => {
    const detail = "option foo: ext4: Unknown parameter 'foo'";
    expect(message('mountFilesystem', 'option', ERRNO.EINVAL, { detail })).toContain(
      `EINVAL (invalid argument): ${detail} – `,
    );
  });

  test('is one line that no terminal obeys, whatever the helper says', () => {
    const text = message('mountFilesystem', 'option', ERRNO.EINVAL, {
      detail: 'a\nb\u001b[2J\u2028c\n',
    });
    expect(text).not.toMatch(/[\p{Cc}\p{Zl}]/u);
  });

  test('names a clause of the specification where config.json asked for nothing', () => {
    expect(message('makeDevice', 'make', ERRNO.EPERM)).toBe(
      'make the device /dev/null (config-linux.md, Default Devices): EPERM (operation not permitted) – takes CAP_MKNOD, and the access m in the devices of the runtime’s cgroup',
    );
  });

  test('names the list where several entries asked', () => {
    expect(message('forkInit', 'clone', ERRNO.EPERM)).toContain('config.json /linux/namespaces: ');
  });

  test.each([
    [
      'findExecutable',
      'find',
      'ENOENT',
      'server',
      'exec: "server": executable file not found in $PATH – PATH is /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ],
    [
      'findExecutable',
      'find',
      'ENOENT',
      '/bin/x',
      'exec: "/bin/x": no such file or directory – it must be in the container’s root file system',
    ],
    ['findExecutable', 'find', 'EACCES', 'server', `exec: "server": permission denied – ${X_BIT}`],
    [
      'findExecutable',
      'find',
      'EISDIR',
      '/bin',
      'exec: "/bin": permission denied: it is a directory – name a program in it',
    ],
    [
      'execute',
      'exec',
      'EACCES',
      'server',
      `exec: "server": permission denied – ${X_BIT}; and so does its interpreter`,
    ],
  ] as const)('%s: %s %s of %s reads as engines expect', (kind, subStep, errno, name, text) => {
    const spec = { ...SPEC, process: { args: [name], cwd: '/' } };
    const place = kind === 'execute' ? '/process/args' : '/process/args/0';
    expect(message(kind, subStep, ERRNO[errno], { spec })).toBe(`config.json ${place}: ${text}`);
  });

  test('blames the seccomp profile for what fails once it is loaded, but not for what a file is', () => {
    const spec = specWith(
      { process: { args: ['server'], cwd: '/', capabilities: {} } },
      { seccomp: { defaultAction: 'SCMP_ACT_ERRNO' } },
    );
    const blame = /may not allow the system call$/;
    expect(message('setCapabilities', 'clearAmbient', ERRNO.EPERM, { spec })).toMatch(blame);
    expect(message('execute', 'exec', ERRNO.EPERM, { spec })).toMatch(blame);
    expect(message('execute', 'exec', ERRNO.ENOEXEC, { spec })).not.toMatch(blame);
    expect(message('setUser', 'uid', ERRNO.EPERM, { spec })).not.toMatch(blame);
    expect(message('setCapabilities', 'clearAmbient', ERRNO.EPERM)).not.toMatch(blame);
  });

  test.each([
    ['ENOENT', 'exec: "server": no such file or directory – '],
    ['ENOEXEC', 'exec: "server": exec format error – '],
    ['E2BIG', 'exec: "server": argument list too long – '],
  ] as const)('execute: %s says what is behind it', (errno, text) => {
    expect(message('execute', 'exec', ERRNO[errno])).toContain(text);
  });

  test('says how a hook ended', () => {
    const exit = { detail: 'exit status 3: no network\n' };
    expect(message('runHook', 'status', ERRNO.EIO, exit)).toBe(
      'config.json /hooks/createContainer/0: run the hook /hook: exit status 3: no network',
    );
    expect(message('runHook', 'timeout', ERRNO.ETIMEDOUT)).toBe(
      'config.json /hooks/createContainer/0: run the hook /hook: it did not end within 2 s and was killed',
    );
  });

  test('says when there is no reason, and never takes that for a success', () => {
    expect(message('maskPath', 'mount', 0)).toBe(
      'config.json /linux/maskedPaths/0: mask /proc/kcore: make the mask: the helper gave no reason (errno 0)',
    );
    expect(message('execute', 'exec', 0)).toContain(
      'exec: "server": the helper gave no reason (errno 0)',
    );
  });

  test('carries the errno’s name for programs', () => {
    const { plan } = compileCreate(inputFor(SPEC));
    const step = plan.steps.findIndex((planned) => planned.step.kind === 'setUser');
    const error = explainFailure({ step, subStep: 2, errno: ERRNO.EINVAL, detail: '' }, plan);
    expect(error).toMatchObject({
      code: 'EINVAL',
      pointer: '/process/user',
      operation: 'become uid 1000, gid 0: set the gid',
    });
  });

  const { plan } = compileCreate(inputFor(SPEC));
  const unfitting: readonly (readonly [string, number, Plan | undefined])[] = [
    ['no step', NO_STEP, plan],
    ['a plan that cannot be read any more', 1, undefined],
    ['a step that is not there', 4000, plan],
    ['a step of the runtime', 0, plan],
  ];
  test.each(unfitting)('answers a report about %s', (_, step, of) => {
    const failure = { step, subStep: 0, errno: ERRNO.EPERM, detail: 'the plan is not sealed' };
    expect(explainFailure(failure, of).message).toMatch(
      /^run the init helper: (it reported .*: )?EPERM \(operation not permitted\): the plan is not sealed$/,
    );
  });

  test('answers a step that the helper could not read', () => {
    const failure = { step: 2, subStep: NO_STEP, errno: ERRNO.EBADMSG, detail: '' };
    expect(explainFailure(failure, plan).message).toBe(
      'start a session: read the step: EBADMSG (bad message)',
    );
  });

  test('answers a sub-step that the step does not have', () => {
    const step = plan.steps.findIndex((planned) => planned.step.kind === 'mountBind');
    const failure = { step, subStep: 99, errno: ERRNO.EPERM, detail: '' };
    expect(explainFailure(failure, plan).message).toContain(
      'bind /none on /etc/hosts: part 99: EPERM',
    );
  });
});

describe('the phrases', () => {
  test('every sub-step of every golden plan has a message of one line', () => {
    for (const compile of Object.values(GOLDEN_PLANS)) {
      const { plan: golden } = compile();
      for (const [step, { step: planned }] of golden.steps.entries()) {
        if (STEP_TABLE[planned.kind].actor === 'runtime') continue;
        for (const subStep of STEP_TABLE[planned.kind].subSteps.keys()) {
          const { message: text } = explainFailure({ step, subStep, errno: 1, detail: '' }, golden);
          expect(text).toMatch(/^[^\n]+$/);
          expect(text).not.toMatch(/undefined|[{}]|\[object|: $/);
        }
      }
    }
  });

  test('name only fields that the step has', () => {
    for (const kind of Object.keys(PHRASES) as HelperKind[]) {
      const fields = Object.keys(STEP_TABLE[kind].fields);
      const { tried, parts } = PHRASES[kind];
      for (const phrase of [tried, ...Object.values(parts)]) {
        for (const [, name] of phrase.matchAll(/\{(\w+)\}/g)) expect(fields, kind).toContain(name);
      }
    }
  });

  test('remedies are for errnos that there are', () => {
    const names = Array.from({ length: 133 }, (_, index) => errnoOf(index + 1).name);
    for (const ofKind of Object.values(REMEDIES)) {
      for (const ofSubStep of Object.values(ofKind)) {
        for (const name of Object.keys(ofSubStep)) expect(names).toContain(name);
      }
    }
  });
});

describe('errnoOf', () => {
  test('agrees with the machine', () => {
    for (const [name, number] of Object.entries(ERRNO)) {
      // Two names for one number: the other one is what people know.
      if (['EWOULDBLOCK', 'ENOTSUP', 'EDEADLOCK'].includes(name)) continue;
      expect(errnoOf(number).name, String(number)).toBe(name);
    }
  });

  test('answers a number that no kernel gives', () => {
    expect(errnoOf(4000)).toEqual({ name: 'errno 4000', words: 'not an error that Linux knows' });
  });
});
