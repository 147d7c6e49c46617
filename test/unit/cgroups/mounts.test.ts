import { expect, test } from 'vitest';
import { parseCgroupFacts } from '../../../src/cgroups/facts.ts';
import { cgroupMounts } from '../../../src/cgroups/mounts.ts';
import { placeCgroup } from '../../../src/cgroups/place.ts';

test('cgroupMounts names the v1 hierarchies as the host does, with links for joint controllers', () => {
  const facts = parseCgroupFacts(
    `32 31 0:29 / /cg/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
33 31 0:30 / /cg/memory rw - cgroup cgroup rw,memory
40 31 0:37 / /cg/systemd rw - cgroup cgroup rw,name=systemd
41 31 0:38 / /cg/unified rw - cgroup2 cgroup2 rw
`,
    '3:name=systemd:/\n2:memory:/\n1:cpu,cpuacct:/\n0::/\n',
  );
  const place = placeCgroup({ path: '/a', id: 'web', facts });
  expect(cgroupMounts(place, facts)).toEqual([
    { name: 'systemd', aliases: [], source: '/cg/systemd/a' },
    { name: 'memory', aliases: [], source: '/cg/memory/a' },
    { name: 'cpu,cpuacct', aliases: ['cpu', 'cpuacct'], source: '/cg/cpu,cpuacct/a' },
  ]);
});
