import { describe, expect, test } from 'vitest';
import { describe as describeContainer, hookState } from '../../../src/lifecycle/state.ts';
import { aRecord } from './a-record.ts';

describe('the state of a container', () => {
  test('has the keys of runc, in its order', () => {
    const state = describeContainer(aRecord({ annotations: { a: 'b' } }), {
      pid: 7,
      status: 'running',
    });
    expect(Object.entries(state)).toEqual([
      ['ociVersion', '1.3.0'],
      ['id', 'web'],
      ['pid', 7],
      ['status', 'running'],
      ['bundle', '/bundles/web'],
      ['rootfs', '/bundles/web/rootfs'],
      ['created', '2026-11-21T10:00:00.000000000Z'],
      ['annotations', { a: 'b' }],
      ['owner', 'root'],
    ]);
  });

  test('leaves annotations out where there are none', () => {
    expect(describeContainer(aRecord(), { pid: 0, status: 'stopped' })).not.toHaveProperty(
      'annotations',
    );
  });
});

describe('the state that hooks read', () => {
  test('is the State of the specification', () => {
    expect(JSON.parse(hookState(aRecord({ annotations: { a: 'b' } }), 'creating', 7))).toEqual({
      ociVersion: '1.3.0',
      id: 'web',
      status: 'creating',
      pid: 7,
      bundle: '/bundles/web',
      annotations: { a: 'b' },
    });
  });

  test('has no pid where there is no process any more', () => {
    expect(JSON.parse(hookState(aRecord(), 'stopped', 0))).not.toHaveProperty('pid');
  });
});
