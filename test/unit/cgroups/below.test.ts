import { describe, expect, test } from 'vitest';
import { placeBelow } from '../../../src/cgroups/below.ts';
import type { CgroupPlace } from '../../../src/cgroups/place.ts';

const PLACE: CgroupPlace = {
  version: 1,
  paths: { 'cpu,cpuacct': '/cg/cpu/web', memory: '/cg/memory/web', 'name=systemd': '/cg/s/web' },
  parents: {},
  claimed: true,
};
const pathsOf = (...asked: Parameters<typeof placeBelow>[1]) => placeBelow(PLACE, asked).paths;

describe('placeBelow', () => {
  test('without controllers, the path is below the cgroup in every hierarchy', () => {
    expect(pathsOf({ controllers: [], path: 'a/b' })).toEqual({
      'cpu,cpuacct': '/cg/cpu/web/a/b',
      memory: '/cg/memory/web/a/b',
      'name=systemd': '/cg/s/web/a/b',
    });
  });

  test('with some, the others stay where the container is', () => {
    expect(pathsOf({ controllers: ['cpuacct', 'systemd'], path: '/a' })).toEqual({
      'cpu,cpuacct': '/cg/cpu/web/a',
      memory: '/cg/memory/web',
      'name=systemd': '/cg/s/web/a',
    });
  });

  test('nothing leads out of the cgroup of the container', () => {
    expect(pathsOf({ controllers: ['memory'], path: '../../other' }).memory).toBe(
      '/cg/memory/web/other',
    );
  });

  test('nothing asked for is the cgroup itself', () => {
    expect(pathsOf()).toEqual(PLACE.paths);
    expect(pathsOf({ controllers: [], path: '/' }).memory).toMatch(/^\/cg\/memory\/web\/?$/);
  });

  test('an unknown controller, and a hierarchy asked for twice, are refused', () => {
    expect(() => pathsOf({ controllers: ['nope'], path: 'a' })).toThrow(/unknown controller nope/);
    expect(() =>
      pathsOf({ controllers: ['cpu'], path: 'a' }, { controllers: ['cpuacct'], path: 'b' }),
    ).toThrow(/more than once/);
  });
});
