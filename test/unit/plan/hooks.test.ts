import { describe, expect, test } from 'vitest';
import type { Hooks } from '../../../src/spec/types.ts';
import { outcome, specWith } from './steps-of.ts';

const withHooks = (hooks: Hooks) => outcome(specWith({ hooks }));

describe('hooks inside the container', () => {
  test('keep their order, each with its origin', () => {
    const { of, origins } = withHooks({
      createContainer: [{ path: '/a' }, { path: '/b' }],
      startContainer: [{ path: '/c' }],
    });
    expect(of('runHook').map(({ path }) => path)).toEqual(['/a', '/b', '/c']);
    expect(origins('runHook')).toEqual(
      ['createContainer/0', 'createContainer/1', 'startContainer/0'].map((place) => ({
        from: 'config',
        pointers: [`/hooks/${place}`],
      })),
    );
  });

  test('get the state of their phase', () => {
    const { of } = withHooks({
      createContainer: [{ path: '/a' }],
      startContainer: [{ path: '/c' }],
    });
    expect(of('runHook')).toMatchObject([
      { stateBeforePid: '{"phase":"createContainer","pid":', stateAfterPid: '}' },
      { stateBeforePid: '{"phase":"startContainer","pid":', stateAfterPid: '}' },
    ]);
  });

  test('have their path as first argument and an empty environment if nothing is said', () => {
    expect(withHooks({ createContainer: [{ path: '/a', args: [] }] }).of('runHook')).toMatchObject([
      { args: ['/a'], env: [], timeoutMs: 0 },
    ]);
  });

  test('have their timeout in milliseconds; what no u32 can hold is no limit', () => {
    const timeouts = [1, 2_147_483, 2_147_484, 2 ** 40].map((timeout) => ({ path: '/a', timeout }));
    expect(
      withHooks({ createContainer: timeouts })
        .of('runHook')
        .map(({ timeoutMs }) => timeoutMs),
    ).toEqual([1000, 2_147_483_000, 0, 0]);
  });
});

test('hooks of the runtime are one step for each phase', () => {
  const { of } = withHooks({ prestart: [{ path: '/a' }, { path: '/b' }], createRuntime: [] });
  expect(of('runtimeHooks')).toEqual([{ kind: 'runtimeHooks', phase: 'prestart', count: 2 }]);
});
