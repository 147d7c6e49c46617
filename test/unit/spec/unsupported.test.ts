import { describe, expect, test } from 'vitest';
import { type Changes, failuresWith } from './support.ts';

const later = (what: string): string => `${what} is valid, but not supported yet`;

describe('valid but not supported yet:', () => {
  test.each<[pointer: string, changes: Changes, what: string]>([
    [
      '/process/scheduler',
      { '/process/scheduler': { policy: 'SCHED_FIFO' } },
      'a scheduling policy',
    ],
    [
      '/process/execCPUAffinity',
      { '/process/execCPUAffinity': { initial: '0' } },
      'a CPU affinity',
    ],
    [
      '/mounts/0/uidMappings',
      { '/mounts': [{ destination: '/a', uidMappings: [{ containerID: 0, hostID: 1, size: 1 }] }] },
      'an id-mapped mount',
    ],
    [
      '/mounts/0/gidMappings',
      { '/mounts': [{ destination: '/a', gidMappings: [{ containerID: 0, hostID: 1, size: 1 }] }] },
      'an id-mapped mount',
    ],
    [
      '/mounts/0/options/1',
      { '/mounts': [{ destination: '/a', type: 'x', options: ['ro', 'idmap'] }] },
      'the option idmap',
    ],
    [
      '/mounts/0/options/0',
      { '/mounts': [{ destination: '/a', type: 'x', options: ['ridmap'] }] },
      'the option ridmap',
    ],
    ['/linux/netDevices', { '/linux/netDevices': { eth0: {} } }, 'a network device'],
    ['/linux/intelRdt', { '/linux/intelRdt': {} }, 'resource director technology'],
    [
      '/linux/memoryPolicy',
      { '/linux/memoryPolicy': { mode: 'MPOL_BIND', nodes: '0' } },
      'a memory policy',
    ],
    [
      '/linux/resources/unified',
      { '/linux/resources/unified': { 'memory.high': '1' } },
      'a setting of cgroup v2',
    ],
    [
      '/linux/resources/rdma',
      { '/linux/resources/rdma': { mlx5_1: { hcaHandles: 3 } } },
      'a limit for RDMA',
    ],
  ])('%s', (pointer, changes, what) => {
    expect(failuresWith(changes)).toEqual([`${pointer}: ${later(what)}`]);
  });

  test('what asks for nothing is let through', () => {
    expect(
      failuresWith({
        '/linux/netDevices': {},
        '/linux/resources/unified': {},
        '/linux/resources/rdma': {},
        '/mounts': [{ destination: '/a', type: 'tmpfs', uidMappings: [], gidMappings: [] }],
      }),
    ).toEqual([]);
  });
});
