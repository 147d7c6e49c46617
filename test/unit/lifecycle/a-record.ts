import type { ContainerRecord } from '../../../src/lifecycle/record.ts';

/** A record as `create` leaves it, of a container whose init has ended long ago. */
export function aRecord(changes: Partial<ContainerRecord> = {}): ContainerRecord {
  return {
    version: 1,
    stage: 'created',
    id: 'web',
    bundle: '/bundles/web',
    rootfs: '/bundles/web/rootfs',
    ociVersion: '1.3.0',
    created: '2026-11-21T10:00:00.000000000Z',
    owner: 'root',
    annotations: {},
    pid: 0,
    startTime: '',
    cgroup: null,
    terminal: false,
    hasProcess: true,
    sessionKeyring: true,
    hooks: {},
    rootless: false,
    ownsPidNamespace: true,
    hostMountId: 0,
    ...changes,
  };
}
