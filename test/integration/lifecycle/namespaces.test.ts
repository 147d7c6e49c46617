import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Changes } from '../../lib/config.ts';
import { fileAppears } from '../../lib/files.ts';
import { observe } from '../../lib/observe.ts';
import { namespaceOf, readProc } from '../../lib/processes.ts';
import { RUNTIME, runToEnd } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

const MAPPED: Changes = {
  namespaces: [{ type: 'user' }],
  linux: {
    uidMappings: [{ containerID: 0, hostID: 100000, size: 65536 }],
    gidMappings: [{ containerID: 0, hostID: 200000, size: 65536 }],
  },
};

test('in a user namespace root is an ordinary user of the host, with the capabilities of the configuration', async () => {
  const { ids, owner, caps } = await observe(
    sandbox(),
    {
      ids: 'id -u; id -g; id -G',
      owner: 'touch /tmp/new; stat -c "%u %g" /tmp/new /proc/self/status /bin/busybox',
      caps: 'grep CapEff /proc/self/status',
    },
    MAPPED,
  );
  expect(ids.split('\n')).toEqual(['0', '0', '0']);
  expect(owner.split('\n')).toEqual(['0 0', '0 0', '65534 65534']);
  expect(caps).toBe('CapEff:\t0000000020000420');
});

test('files that root of a user namespace makes belong to the mapped user of the host', async () => {
  const container = sandbox().container({ ...MAPPED, args: ['touch', '/data/new'] });
  chownSync(join(container.rootfs, 'data'), 100000, 200000);
  await container.output();
  const { uid, gid } = statSync(join(container.rootfs, 'data/new'));
  expect([uid, gid]).toEqual([100000, 200000]);
});

test('an ordinary user of a user namespace, with further groups', async () => {
  const { ids, map } = await observe(
    sandbox(),
    { ids: 'id -u; id -g; id -G', map: 'cat /proc/self/uid_map' },
    { ...MAPPED, process: { user: { uid: 1000, gid: 1001, additionalGids: [50, 60000] } } },
  );
  expect(ids.split('\n')).toEqual(['1000', '1001', '1001 50 60000']);
  expect(map.trim().split(/ +/)).toEqual(['0', '100000', '65536']);
});

test('mounts, devices, masked paths, sysctl and limits in a user namespace', async () => {
  const seen = await observe(
    sandbox(),
    {
      mounts:
        'for d in /proc /dev /dev/pts /dev/shm /mnt; do grep -c " $d " /proc/self/mountinfo; done',
      zero: 'head -c 3 /dev/zero | od -An -tx1; echo x > /dev/null && echo null',
      sysctl: 'cat /proc/sys/net/ipv4/ip_forward',
      masked: 'cat /proc/meminfo | wc -c',
      readonly: 'echo x > /proc/sys/kernel/hostname',
      bound: 'cat /mnt/file',
      limit: 'ulimit -n',
      oom: 'cat /proc/self/oom_score_adj',
      root: 'touch /new',
    },
    {
      ...MAPPED,
      process: {
        rlimits: [{ type: 'RLIMIT_NOFILE', soft: 100, hard: 200 }],
        oomScoreAdj: 100,
      },
      root: { readonly: true },
      linux: {
        ...MAPPED.linux,
        sysctl: { 'net.ipv4.ip_forward': '1' },
        maskedPaths: ['/proc/meminfo'],
        readonlyPaths: ['/proc/sys'],
      },
      mounts: [{ destination: '/mnt', source: sharedFolder(), options: ['bind', 'ro'] }],
    },
  );
  expect(seen).toMatchObject({
    mounts: '1\n1\n1\n1\n1',
    sysctl: '1',
    masked: '0',
    bound: 'from the host',
    limit: '100',
    oom: '100',
  });
  expect(seen.zero).toMatch(/00 00 00\nnull/);
  expect(seen.readonly).toMatch(/Read-only file system/);
  expect(seen.root).toMatch(/Read-only file system/);
});

test('in a user namespace a bind mount comes from where its root could not go', async () => {
  const secret = join(sandbox().folder, 'secret');
  mkdirSync(join(secret, 'data'), { recursive: true });
  writeFileSync(join(secret, 'data/file'), 'from the host');
  chmodSync(secret, 0o700);
  const { bound, mounts } = await observe(
    sandbox(),
    { bound: 'cat /mnt/file', mounts: 'grep " /mnt " /proc/self/mountinfo' },
    {
      ...MAPPED,
      mounts: [{ destination: '/mnt', source: join(secret, 'data'), options: ['rbind', 'ro'] }],
    },
  );
  expect(bound).toBe('from the host');
  expect(mounts).toMatch(/ ro,/);
});

function sharedFolder(): string {
  const folder = join(sandbox().folder, 'shared');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), 'from the host');
  return folder;
}

test('the user namespace of another container is joined by its path', async () => {
  const first = sandbox().container({ ...MAPPED, args: ['sleep', '1000'] });
  await first.create();
  const { pid } = await first.state();
  const second = sandbox().container({
    args: ['sleep', '1000'],
    namespaces: [{ type: 'user', path: `/proc/${pid}/ns/user` }],
  });
  await second.create();
  const other = (await second.state()).pid;
  expect(namespaceOf(other, 'user')).toBe(namespaceOf(pid, 'user'));
  expect(namespaceOf(other, 'net')).not.toBe(namespaceOf(pid, 'net'));
  expect(readProc(other, 'uid_map')).toBe(readProc(pid, 'uid_map'));
});

test('a container in the pid namespace of another sees its processes, and ends with it', async () => {
  const first = sandbox().container({ args: ['sleep', '1000'] });
  await first.create();
  await first.start();
  const { pid } = await first.state();
  const second = sandbox().container({
    args: ['sh', '-c', 'cd /data; cat /proc/1/cmdline > new; mv new first; exec sleep 1000'],
    namespaces: [{ type: 'pid', path: `/proc/${pid}/ns/pid` }],
  });
  await second.create();
  await second.start();
  await fileAppears(join(second.rootfs, 'data/first'));
  expect(namespaceOf((await second.state()).pid, 'pid')).toBe(namespaceOf(pid, 'pid'));
  await first.kill('KILL');
  await first.ended();
  await second.ended();
  expect((await second.state()).status).toBe('stopped');
  expect(second.read('data/first')).toBe('sleep\x001000\0');
});

test('the network namespace of another container has its devices', async () => {
  const first = sandbox().container({ args: ['sleep', '1000'] });
  await first.create();
  const { pid } = await first.state();
  const container = sandbox().container({
    args: ['cat', '/proc/net/dev'],
    namespaces: [{ type: 'network', path: `/proc/${pid}/ns/net` }],
  });
  expect(await container.output()).toContain(' lo:');
});

test('a new network namespace has a loopback device that is up', async () => {
  const { flags, ping } = await observe(sandbox(), {
    flags: 'ip link show lo',
    ping: 'ip addr show lo | grep -c 127.0.0.1',
  });
  expect(flags).toMatch(/[<,]UP[,>]/);
  expect(ping).toBe('1');
});

test('a time namespace has the offsets of the configuration', async () => {
  const day = 86400;
  const before = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  const { uptime, offsets } = await observe(
    sandbox(),
    { uptime: 'cut -d" " -f1 /proc/uptime', offsets: 'cat /proc/self/timens_offsets' },
    {
      namespaces: [{ type: 'time' }],
      linux: {
        timeOffsets: {
          monotonic: { secs: 7 * day, nanosecs: 5 },
          boottime: { secs: 5 * day },
        },
      },
    },
  );
  const gained = Number(uptime) - before;
  expect(gained).toBeGreaterThanOrEqual(5 * day);
  expect(gained).toBeLessThan(5 * day + 60);
  expect(
    offsets
      .replaceAll(/ +/g, ' ')
      .split('\n')
      .map((line) => line.trim()),
  ).toEqual([`monotonic ${7 * day} 5`, `boottime ${5 * day} 0`]);
});

test('a new cgroup namespace shows the own cgroup as the root', async () => {
  const question = { cgroup: 'cat /proc/self/cgroup' };
  const inner = await observe(sandbox(), question, { namespaces: [{ type: 'cgroup' }] });
  for (const line of inner.cgroup.split('\n')) expect(line).toMatch(/:\/$/);
  const outer = await observe(sandbox(), question);
  expect(outer.cgroup).toContain(sandbox().cgroup);
});

test('a container without a pid namespace leaves no process behind when it is killed', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', 'sleep 1000 & sleep 1000 & echo ready; wait'],
    without: ['pid'],
  });
  const run = container.startRun();
  await run.stdout.until(/ready/);
  expect(sandbox().processes().length).toBeGreaterThanOrEqual(3);
  await container.kill('KILL');
  await run.status;
  expect((await container.tryDelete('--force')).status).toBe(0);
  expect(sandbox().leftovers()).toEqual([]);
});

test('a container without any namespace of its own runs, and what was mounted for it is gone afterwards', async () => {
  const names = 'for name in mnt pid net ipc uts; do readlink /proc/self/ns/$name; done';
  const container = sandbox().container({
    args: ['sh', '-c', `${names}; cat /etc/inside`],
    without: ['pid', 'network', 'ipc', 'uts', 'mount'],
    hostname: undefined,
  });
  writeFileSync(join(container.rootfs, 'etc/inside'), 'inside\n');
  // The runtime mounts where it is: that must not be the machine's own mount namespace.
  const run = [
    RUNTIME,
    '--root',
    sandbox().root,
    'run',
    '--bundle',
    container.bundle,
    container.id,
  ];
  const { stdout, stderr } = await runToEnd(
    [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      `"$@"; ${names}; cat /proc/self/mountinfo`,
    ].concat(['sh', ...run]),
    join(sandbox().folder, 'io'),
    {},
    'unshare',
  );
  expect(stderr).toBe('');
  const lines = stdout.split('\n');
  expect(lines.slice(0, 5)).toEqual(lines.slice(6, 11));
  expect(lines[5]).toBe('inside');
  expect(lines.filter((line) => line.includes(container.bundle))).toEqual([]);
});
