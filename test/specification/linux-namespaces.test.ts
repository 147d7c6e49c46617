import { beforeAll, describe, expect } from 'vitest';
import { observe } from '../lib/observe.ts';
import { namespaceOf, readProc } from '../lib/processes.ts';
import { useSandbox, useSharedSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

/** Names in config.json, and those below /proc/PID/ns. */
const TYPES = {
  pid: 'pid',
  network: 'net',
  mount: 'mnt',
  ipc: 'ipc',
  uts: 'uts',
  user: 'user',
  cgroup: 'cgroup',
  time: 'time',
} as const;

const MAPPINGS = {
  uidMappings: [
    { containerID: 0, hostID: 100000, size: 1000 },
    { containerID: 5000, hostID: 300000, size: 10 },
  ],
  gidMappings: [{ containerID: 0, hostID: 200000, size: 1000 }],
};

const namespacesOf = (pid: number): Record<string, string> =>
  Object.fromEntries(Object.entries(TYPES).map(([type, name]) => [type, namespaceOf(pid, name)]));

describe('new namespaces of every type', () => {
  const sandbox = useSharedSandbox();
  let seen: Record<string, string>;
  let maps: string[];

  beforeAll(async () => {
    const container = sandbox().container({
      args: ['sleep', '1000'],
      namespaces: [{ type: 'user' }, { type: 'cgroup' }, { type: 'time' }],
      linux: MAPPINGS,
    });
    await container.create();
    const { pid } = await container.state();
    seen = namespacesOf(pid);
    maps = ['uid_map', 'gid_map'].map((name) => readProc(pid, name));
  });

  must('namespaces.new', () => {
    const host = namespacesOf(process.pid);
    for (const type of Object.keys(TYPES)) expect(seen[type], type).not.toBe(host[type]);
  });

  must('mappings.entries', () => {
    const [uids, gids] = maps.map((map) =>
      map
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/ +/).map(Number)),
    );
    expect(uids).toEqual([
      [0, 100000, 1000],
      [5000, 300000, 10],
    ]);
    expect(gids).toEqual([[0, 200000, 1000]]);
  });
});

describe('namespaces', () => {
  const sandbox = useSandbox();

  must('namespaces.inherited', async () => {
    const host = namespacesOf(process.pid);
    const inherited = ['network', 'ipc', 'pid', 'uts'];
    const container = sandbox().container({
      args: ['sleep', '1000'],
      without: inherited,
      hostname: undefined,
    });
    await container.create();
    const seen = namespacesOf((await container.state()).pid);
    for (const type of [...inherited, 'user', 'cgroup', 'time']) {
      expect(seen[type], type).toBe(host[type]);
    }
    expect(seen.mount).not.toBe(host.mount);
  });

  must('namespaces.joined', async () => {
    const first = sandbox().container({
      args: ['sleep', '1000'],
      namespaces: [{ type: 'cgroup' }],
    });
    await first.create();
    await first.start();
    const { pid } = await first.state();
    const joined = ['pid', 'network', 'ipc', 'uts', 'cgroup'] as const;
    const second = sandbox().container({
      args: ['sleep', '1000'],
      hostname: undefined,
      namespaces: joined.map((type) => ({ type, path: `/proc/${pid}/ns/${TYPES[type]}` })),
    });
    await second.create();
    const seen = namespacesOf((await second.state()).pid);
    const wanted = namespacesOf(pid);
    for (const type of joined) expect(seen[type], type).toBe(wanted[type]);
    expect(seen.mount).not.toBe(wanted.mount);
  });

  must('namespaces.wrong-type', async () => {
    const types = Object.entries(TYPES);
    for (const [index, [type]] of types.entries()) {
      const other = types[(index + 1) % types.length]?.[1];
      const container = sandbox().container({
        namespaces: [{ type, path: `/proc/self/ns/${other}` }],
      });
      expect((await container.tryCreate()).status, `${type} by ${other}`).not.toBe(0);
    }
    const file = sandbox().container({ namespaces: [{ type: 'network', path: '/etc/passwd' }] });
    expect((await file.tryCreate()).status).not.toBe(0);
    const missing = sandbox().container({ namespaces: [{ type: 'ipc', path: '/no-such/ns' }] });
    expect((await missing.tryCreate()).status).not.toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  });

  must('namespaces.absolute', async () => {
    const container = sandbox().container({ namespaces: [{ type: 'ipc', path: 'proc/1/ns/ipc' }] });
    expect((await container.tryCreate()).status).not.toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  });

  must('namespaces.twice', async () => {
    const container = sandbox().container({
      namespaces: [{ type: 'ipc' }, { type: 'ipc', path: '/proc/self/ns/ipc' }],
    });
    expect((await container.tryCreate()).status).not.toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  });

  must('personality.domain', async () => {
    const { machine } = await observe(
      sandbox(),
      { machine: 'uname -m' },
      { linux: { personality: { domain: 'LINUX32' } } },
    );
    expect(machine).toMatch(/^(i.86|arm.*)$/);
  });
});
