import { describe, expect, test } from 'vitest';
import type { CgroupFacts } from '../../../src/cgroups/facts.ts';
import { placeCgroup } from '../../../src/cgroups/place.ts';

const facts = (own = '/', mountRoot = '/'): CgroupFacts => ({
  layout: 'v1',
  hierarchies: [
    {
      name: 'memory',
      version: 1,
      controllers: ['memory'],
      mountPoint: '/cg/memory',
      mountRoot,
      own,
    },
  ],
});
const place = (path: string | undefined, own?: string, mountRoot?: string) =>
  placeCgroup({ path, id: 'web', facts: facts(own, mountRoot) }).paths.memory;

describe('placeCgroup', () => {
  test('puts an absolute path below the mount point, wherever the runtime is', () => {
    expect(place('/pods/a', '/jobs')).toBe('/cg/memory/pods/a');
  });

  test('puts a relative path below the own cgroup', () => {
    expect(place('pods/a', '/jobs/x')).toBe('/cg/memory/jobs/x/pods/a');
  });

  test('takes the id as a relative path where none is given', () => {
    expect(place(undefined, '/jobs')).toBe('/cg/memory/jobs/web');
    expect(place('', '/')).toBe('/cg/memory/web');
  });

  test.each([
    ['/../../etc', '/cg/memory/etc'],
    ['/a/../../b', '/cg/memory/b'],
    ['../../x', '/cg/memory/jobs/x'],
    ['a/../../../b//c/.', '/cg/memory/jobs/b/c'],
  ])('does not let %s lead above its root', (path, expected) => {
    expect(place(path, '/jobs')?.replace(/\/$/, '')).toBe(expected);
  });

  test('reckons the own cgroup from the root of a bind mount', () => {
    expect(place('a', '/docker/abc/x', '/docker/abc')).toBe('/cg/memory/x/a');
    expect(place('a', '/docker/abc', '/docker/abc')).toBe('/cg/memory/a');
    expect(place('/a', '/docker/abc', '/docker/abc')).toBe('/cg/memory/a');
  });

  test('refuses a relative path when the own cgroup is not visible', () => {
    expect(() => place('a', '/docker/abcd', '/docker/abc')).toThrow(
      "config.json /linux/cgroupsPath: place the container's memory cgroup below the runtime's own: the own cgroup /docker/abcd is not visible in /cg/memory, which shows /docker/abc: use an absolute cgroupsPath",
    );
    expect(place('/a', '/docker/abcd', '/docker/abc')).toBe('/cg/memory/a');
  });

  test('refuses a line feed, on one line', () => {
    expect(() => place('/a\nb')).toThrow(
      'config.json /linux/cgroupsPath: place the cgroup: "/a\\nb" holds a line feed or a NUL byte',
    );
  });

  test('is not claimed before anything is made', () => {
    expect(placeCgroup({ path: '/a', id: 'web', facts: facts() })).toMatchObject({
      version: 1,
      claimed: false,
      parents: {},
    });
  });

  test.each([
    ['v2', 'look for cgroups: cgroup v2 only hosts are not supported yet'],
    ['none', 'look for cgroups: no cgroup file system is mounted'],
  ] as const)('refuses the layout %s', (layout, text) => {
    const empty: CgroupFacts = { layout, hierarchies: [] };
    expect(() => placeCgroup({ path: '/a', id: 'web', facts: empty })).toThrow(text);
  });
});
