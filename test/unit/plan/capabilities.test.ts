import { describe, expect, test } from 'vitest';
import {
  CAPABILITY_NAMES,
  capabilityNumber,
  capabilitySet,
  capabilitySetNames,
  hasCapability,
} from '../../../src/plan/capability-names.ts';
import { ALL_CAPABILITIES, PLAIN_HOST } from './golden-plans.ts';
import { outcome, specWith, specWithProcess, USER_NAMESPACE } from './steps-of.ts';

const CAP_CHOWN = 1n << 0n;
const CAP_KILL = 1n << 5n;
const CAP_SYS_ADMIN = 1n << 21n;

describe('capability names', () => {
  test('are the 41 of Linux, at their numbers', () => {
    expect(CAPABILITY_NAMES).toHaveLength(41);
    expect(new Set(CAPABILITY_NAMES).size).toBe(41);
    expect(capabilityNumber('CAP_CHOWN')).toBe(0);
    expect(capabilityNumber('CAP_SYS_ADMIN')).toBe(21);
    expect(capabilityNumber('CAP_CHECKPOINT_RESTORE')).toBe(40);
    expect(capabilityNumber('CAP_NONE')).toBeUndefined();
  });

  test('come back from the bits of a set', () => {
    expect(capabilitySetNames(CAP_KILL | CAP_CHOWN)).toEqual(['CAP_CHOWN', 'CAP_KILL']);
    expect(capabilitySetNames(ALL_CAPABILITIES)).toEqual(CAPABILITY_NAMES);
    expect(capabilitySetNames(0n)).toEqual([]);
  });

  test('stand for their bits in a set', () => {
    expect(capabilitySet('CAP_CHOWN', 'CAP_SYS_ADMIN')).toBe(CAP_CHOWN | CAP_SYS_ADMIN);
    expect(capabilitySet()).toBe(0n);
    const most = ALL_CAPABILITIES & ~CAP_KILL;
    expect(CAPABILITY_NAMES.filter((name) => !hasCapability(most, name))).toEqual(['CAP_KILL']);
  });
});

describe('process.capabilities', () => {
  test('become bits of the five sets', () => {
    const set = ['CAP_CHOWN', 'CAP_KILL'];
    const { of, warnings } = outcome(
      specWithProcess({
        capabilities: {
          bounding: set,
          permitted: set,
          effective: ['CAP_KILL'],
          inheritable: set,
          ambient: ['CAP_CHOWN'],
        },
      }),
    );
    expect(of('boundCapabilities')).toEqual([
      { kind: 'boundCapabilities', bounding: CAP_KILL | CAP_CHOWN },
    ]);
    expect(of('setCapabilities')).toEqual([
      {
        kind: 'setCapabilities',
        permitted: CAP_KILL | CAP_CHOWN,
        effective: CAP_KILL,
        inheritable: CAP_KILL | CAP_CHOWN,
        ambient: CAP_CHOWN,
      },
    ]);
    expect(warnings).toEqual([]);
  });

  test('an absent set is empty', () => {
    const { of } = outcome(specWithProcess({ capabilities: {} }));
    expect(of('boundCapabilities')).toMatchObject([{ bounding: 0n }]);
    expect(of('setCapabilities')).toMatchObject([{ permitted: 0n, effective: 0n }]);
  });

  test('that are absent altogether are none', () => {
    const { of } = outcome(specWithProcess({}));
    expect(of('boundCapabilities')).toMatchObject([{ bounding: 0n }]);
    expect(of('setCapabilities')).toMatchObject([
      { effective: 0n, permitted: 0n, inheritable: 0n, ambient: 0n },
    ]);
  });

  test('that the kernel does not know are warned about and left out', () => {
    const { of, warnings } = outcome(
      specWithProcess({ capabilities: { bounding: ['CAP_FUTURE', 'CAP_BPF', 'CAP_KILL'] } }),
      { facts: { ...PLAIN_HOST, lastCapability: 37 } },
    );
    expect(of('boundCapabilities')).toMatchObject([{ bounding: CAP_KILL }]);
    expect(warnings).toEqual([
      'process.capabilities: CAP_FUTURE, CAP_BPF left out: not known to this kernel',
    ]);
  });

  test('that the runtime does not have are warned about and left out', () => {
    const capabilities = { bounding: ['CAP_SYS_ADMIN', 'CAP_KILL'], permitted: ['CAP_SYS_ADMIN'] };
    const facts = { ...PLAIN_HOST, capabilities: { bounding: CAP_KILL, permitted: CAP_KILL } };
    const { of, warnings } = outcome(specWithProcess({ capabilities }), { facts });
    expect(of('boundCapabilities')).toMatchObject([{ bounding: CAP_KILL }]);
    expect(of('setCapabilities')).toMatchObject([{ permitted: 0n }]);
    expect(warnings).toEqual([
      'process.capabilities.bounding: CAP_SYS_ADMIN left out: the runtime itself does not have it',
      'process.capabilities.permitted: CAP_SYS_ADMIN left out: the runtime itself does not have it',
    ]);
    const inside = outcome(
      specWith({ process: { args: ['sh'], cwd: '/', capabilities } }, USER_NAMESPACE),
      { facts },
    );
    expect(inside.of('setCapabilities')).toMatchObject([{ permitted: CAP_SYS_ADMIN }]);
    expect(inside.warnings).toEqual([]);
  });

  test('that the kernel would refuse the whole set for are warned about and left out', () => {
    const { of, warnings } = outcome(
      specWithProcess({
        capabilities: {
          permitted: ['CAP_KILL'],
          effective: ['CAP_CHOWN'],
          inheritable: ['CAP_KILL'],
          ambient: ['CAP_KILL'],
        },
      }),
    );
    expect(of('setCapabilities')).toMatchObject([
      { permitted: CAP_KILL, effective: 0n, inheritable: 0n, ambient: 0n },
    ]);
    expect(warnings).toEqual([
      'process.capabilities.effective: CAP_CHOWN left out: not in the permitted set',
      'process.capabilities.inheritable: CAP_KILL left out: not in the bounding set',
      'process.capabilities.ambient: CAP_KILL left out: not in the permitted and the inheritable set',
    ]);
  });
});
