import { describe, expect, test } from 'vitest';
import { compileCreate, GATE_SLOT } from '../../../src/plan/compile.ts';
import { inputFor, PLAIN_HOST } from './golden-plans.ts';
import { outcome, specWith, specWithProcess } from './steps-of.ts';

const ENABLED = { ...PLAIN_HOST, lsm: { apparmor: true, selinux: true } };

describe('labels of the program', () => {
  test('are written in the form that each module takes', () => {
    const spec = specWithProcess({ apparmorProfile: 'web', selinuxLabel: 'a:b:c' });
    expect(outcome(spec, { facts: ENABLED }).of('execLabel')).toEqual([
      { kind: 'execLabel', attribute: 'thread-self/attr/apparmor/exec', label: 'exec web' },
      { kind: 'execLabel', attribute: 'thread-self/attr/exec', label: 'a:b:c' },
    ]);
  });

  test('are warned about where their module is not enabled', () => {
    const { kinds, warnings } = outcome(
      specWithProcess({ apparmorProfile: 'web', selinuxLabel: 'a' }),
    );
    expect(kinds).not.toContain('execLabel');
    expect(warnings).toEqual([
      'process.apparmorProfile is ignored: AppArmor is not enabled on this host',
      'process.selinuxLabel is ignored: SELinux is not enabled on this host',
    ]);
  });

  test('ask for nothing when they are empty or say unconfined', () => {
    for (const apparmorProfile of ['', 'unconfined']) {
      expect(outcome(specWithProcess({ apparmorProfile, selinuxLabel: '' })).warnings).toEqual([]);
    }
  });
});

describe('descriptors', () => {
  test('of the caller travel after the gate and are placed from 3 on', () => {
    const { plan } = compileCreate(inputFor(specWith(), { preserveFds: 2 }));
    expect(plan.slots).toEqual(['start gate', 'descriptor 3', 'descriptor 4']);
    expect(plan.firstOwnDescriptor).toBe(6);
    expect(plan.steps.find(({ step }) => step.kind === 'placeDescriptors')?.step).toEqual({
      kind: 'placeDescriptors',
      slots: [1, 2],
    });
    expect(plan.steps.find(({ step }) => step.kind === 'waitForStart')?.step).toEqual({
      kind: 'waitForStart',
      gate: GATE_SLOT,
    });
  });

  test('more than the helper has room for are refused', () => {
    expect(() => outcome(specWith(), { preserveFds: 63 })).not.toThrow();
    expect(() => outcome(specWith(), { preserveFds: 64 })).toThrow(
      'preserve descriptors: at most 63 can be passed on, not 64',
    );
  });
});

describe('seccomp', () => {
  const seccomp = { filter: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), flags: 2, notify: true };

  test('goes into the plan as it was compiled', () => {
    expect(outcome(specWith(), { seccomp }).of('seccomp')).toEqual([
      { kind: 'seccomp', ...seccomp },
    ]);
  });

  test('without a filter is no step', () => {
    expect(outcome(specWith()).kinds).not.toContain('seccomp');
  });
});

test('without a process init waits for start and nothing comes after', () => {
  const { process: _, ...spec } = specWith({}, { personality: { domain: 'LINUX32' } });
  const { kinds } = outcome(spec);
  expect(kinds.at(-1)).toBe('waitForStart');
  expect(kinds).not.toContain('setUser');
  expect(kinds).not.toContain('openConsole');
});

test('the session keyring is named after the container, unless it is not wanted', () => {
  expect(outcome(specWith()).of('sessionKeyring')).toEqual([
    { kind: 'sessionKeyring', name: '_ses.c1', searchable: true },
  ]);
  expect(outcome(specWith(), { noNewKeyring: true }).kinds).not.toContain('sessionKeyring');
});
