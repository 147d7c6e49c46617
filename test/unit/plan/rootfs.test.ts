import { describe, expect, test } from 'vitest';
import { MS_REC, PROPAGATION } from '../../../src/plan/mount-options.ts';
import type { RootfsPropagation } from '../../../src/spec/types.ts';
import { outcome, specWith } from './steps-of.ts';

const withPropagation = (rootfsPropagation: RootfsPropagation, noPivot = false) =>
  outcome(specWith({}, { rootfsPropagation }), { noPivot });

describe('rootfsPropagation', () => {
  test.each([
    ['private', 'slave', 'private', false],
    ['rprivate', 'private', 'private', true],
    ['slave', 'slave', 'slave', false],
    ['rslave', 'slave', 'slave', true],
    ['shared', 'shared', 'shared', false],
    ['rshared', 'shared', 'shared', true],
    ['unbindable', 'slave', 'unbindable', false],
    ['runbindable', 'slave', 'unbindable', true],
  ] as const)('%s begins as %s and ends as %s', (word, first, last, recursive) => {
    const { of } = withPropagation(word);
    expect(of('rootPropagation')).toMatchObject([{ propagation: PROPAGATION[first] | MS_REC }]);
    expect(of('openRoot')).toMatchObject([{ privateParent: first === 'shared' }]);
    expect(of('finalPropagation')).toMatchObject([{ propagation: PROPAGATION[last], recursive }]);
  });

  test('that is absent lets the host’s mounts in and nothing out', () => {
    const { of, kinds, origins } = outcome(specWith());
    expect(of('rootPropagation')).toMatchObject([{ propagation: PROPAGATION.slave | MS_REC }]);
    expect(origins('rootPropagation')[0]?.from).toBe('runtime');
    expect(kinds).not.toContain('finalPropagation');
  });

  test.each(['private', 'rprivate'] as const)('%s is refused without pivot_root', (word) => {
    expect(() => withPropagation(word, true)).toThrow('config.json /linux/rootfsPropagation: ');
    expect(() => withPropagation('slave', true)).not.toThrow();
  });
});

describe('the root', () => {
  test('is changed by pivot_root, by a move where that is not wanted, by chroot where others have theirs', () => {
    expect(outcome(specWith()).kinds).toContain('pivotRoot');
    expect(outcome(specWith(), { noPivot: true }).kinds).toContain('moveRoot');
    expect(outcome(specWith({}, { namespaces: [] })).kinds).toContain('chrootOnly');
    const joined = { namespaces: [{ type: 'mount' as const, path: '/proc/7/ns/mnt' }] };
    expect(outcome(specWith({}, joined)).kinds).toContain('chrootOnly');
  });

  test('is made read-only if it is to be', () => {
    const root = { path: 'rootfs', readonly: true };
    const { origins } = outcome(specWith({ root }));
    expect(origins('readonlyRoot')).toEqual([{ from: 'config', pointers: ['/root/readonly'] }]);
    expect(outcome(specWith()).kinds).not.toContain('readonlyRoot');
  });
});
