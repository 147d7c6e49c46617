import { describe, expect, test } from 'vitest';
import { parseCgroupFacts } from '../../../src/cgroups/facts.ts';

const HYBRID_MOUNTS = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:4 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
const HYBRID_OWN = `9:name=systemd:/user.slice
4:memory:/jobs/a:b
1:cpu,cpuacct:/
0::/user.slice
`;

const hierarchy = (mounts: string, own: string) => parseCgroupFacts(mounts, own).hierarchies[0];

describe('parseCgroupFacts', () => {
  test('finds controllers, named hierarchies and the v2 tree of a hybrid host', () => {
    const facts = parseCgroupFacts(HYBRID_MOUNTS, HYBRID_OWN);
    expect(facts.layout).toBe('hybrid');
    expect(facts.hierarchies).toEqual([
      {
        name: 'name=systemd',
        version: 1,
        controllers: [],
        mountPoint: '/sys/fs/cgroup/systemd',
        mountRoot: '/',
        own: '/user.slice',
      },
      {
        name: 'memory',
        version: 1,
        controllers: ['memory'],
        mountPoint: '/sys/fs/cgroup/memory',
        mountRoot: '/',
        own: '/jobs/a:b',
      },
      {
        name: 'cpu,cpuacct',
        version: 1,
        controllers: ['cpu', 'cpuacct'],
        mountPoint: '/sys/fs/cgroup/cpu,cpuacct',
        mountRoot: '/',
        own: '/',
      },
      {
        name: 'unified',
        version: 2,
        controllers: [],
        mountPoint: '/sys/fs/cgroup/unified',
        mountRoot: '/',
        own: '/user.slice',
      },
    ]);
  });

  test('calls a host without the v2 tree v1', () => {
    const mounts = '35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory\n';
    expect(parseCgroupFacts(mounts, '4:memory:/\n0::/\n').layout).toBe('v1');
  });

  test('calls a host v2 when no controller is on v1, even with a named v1 hierarchy', () => {
    const mounts = `30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate
40 31 0:37 / /sys/fs/systemd rw - cgroup cgroup rw,name=systemd
`;
    expect(parseCgroupFacts(mounts, '1:name=systemd:/\n0::/init.scope\n').layout).toBe('v2');
  });

  test('says none when nothing is mounted', () => {
    const mounts = '22 1 0:20 / /proc rw - proc proc rw\n';
    expect(parseCgroupFacts(mounts, '4:memory:/\n0::/\n')).toEqual({
      layout: 'none',
      hierarchies: [],
    });
  });

  test('leaves out a hierarchy that is not mounted here', () => {
    const facts = parseCgroupFacts(HYBRID_MOUNTS, `7:pids:/\n${HYBRID_OWN}`);
    expect(facts.hierarchies.map(({ name }) => name)).not.toContain('pids');
  });

  test('does not take a controller for another one whose name it starts', () => {
    const mounts = '32 31 0:29 / /cg/cpuset rw - cgroup cgroup rw,cpuset\n';
    expect(parseCgroupFacts(mounts, '1:cpu:/\n').hierarchies).toEqual([]);
  });

  test('keeps the root of a bind mount', () => {
    const mounts = '35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n';
    expect(hierarchy(mounts, '4:memory:/docker/abc/x\n')).toMatchObject({
      mountRoot: '/docker/abc',
      own: '/docker/abc/x',
    });
  });

  test('prefers the mount that shows the own cgroup, and of those the widest', () => {
    const mounts = `35 31 0:32 /other /a rw - cgroup cgroup rw,memory
36 31 0:32 /jobs/x /b rw - cgroup cgroup rw,memory
37 31 0:32 /jobs /c rw - cgroup cgroup rw,memory
`;
    expect(hierarchy(mounts, '4:memory:/jobs/x\n')?.mountPoint).toBe('/c');
  });

  test('passes over a mount that another one hides', () => {
    const mounts = `35 31 0:32 / /a rw - cgroup cgroup rw,memory
36 31 0:50 / /a rw - tmpfs tmpfs rw
37 31 0:32 / /b rw - cgroup cgroup rw,memory
`;
    expect(hierarchy(mounts, '4:memory:/\n')?.mountPoint).toBe('/b');
  });

  test('takes no mount for hidden by one of a directory with its name', () => {
    const mounts = `35 31 0:32 / /a rw - cgroup cgroup rw,memory
36 31 0:50 /a /other rw,x /a rw - tmpfs /a rw
37 31 0:32 / /b rw - cgroup cgroup rw,memory
`;
    expect(hierarchy(mounts, '4:memory:/\n')?.mountPoint).toBe('/a');
  });

  test('reads blanks in mount points', () => {
    const mounts = '35 31 0:32 / /my\\040cg/me\\134m rw - cgroup cgroup rw,memory\n';
    expect(hierarchy(mounts, '4:memory:/\n')?.mountPoint).toBe('/my cg/me\\m');
  });
});
