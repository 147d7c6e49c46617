import { describe, expect, test } from 'vitest';
import { decideStatus, type Evidence } from '../../../src/lifecycle/status.ts';

const HELPER = '/memfd:runts-init (deleted)';

/** Evidence of a container that waits for start, with changes. */
function evidence(changes: Partial<Evidence>): Evidence {
  return {
    stage: 'created',
    isAlive: true,
    isHeld: async () => false,
    hasStartSocket: () => true,
    executable: () => HELPER,
    isFrozen: () => false,
    ...changes,
  };
}

const never = () => {
  throw new Error('asked for nothing');
};

describe('decideStatus', () => {
  const cases: readonly [what: string, changes: Partial<Evidence>, status: string][] = [
    [
      'a create that goes on',
      { stage: 'creating', isAlive: false, isHeld: async () => true },
      'creating',
    ],
    ['a create with an init', { stage: 'creating', isHeld: never }, 'creating'],
    ['a create that was killed', { stage: 'creating', isAlive: false }, 'stopped'],
    ['an init that waits for start', {}, 'created'],
    ['an init that may not be looked at and waits', { executable: () => undefined }, 'created'],
    [
      'a program that was reached although the socket is still there',
      { executable: () => '/bin/sh' },
      'running',
    ],
    ['a program that was started', { hasStartSocket: () => false, executable: never }, 'running'],
    ['a frozen program', { hasStartSocket: () => false, isFrozen: () => true }, 'paused'],
    [
      'an init that has ended',
      { isAlive: false, isFrozen: never, hasStartSocket: never },
      'stopped',
    ],
  ];
  test.each(cases)('%s', async (_what, changes, status) => {
    expect(await decideStatus(evidence(changes))).toBe(status);
  });
});
