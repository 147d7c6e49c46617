import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Section } from '../../lib/config.ts';
import { needsHierarchy } from '../../lib/needs.ts';
import { mountOn, observe, parseMounts } from '../../lib/observe.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();
const MOUNTINFO = { mountinfo: 'cat /proc/self/mountinfo' };

/** A folder of the host with a file in it. */
function source(): string {
  const folder = join(sandbox().folder, 'source');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), 'from the host\n');
  return folder;
}

const bind = (destination: string, ...options: string[]): Section => ({
  destination,
  source: source(),
  options: ['bind', ...options],
});

test('a bind mount that is read-only can not be written to, and the source still can', async () => {
  const { write, read, mountinfo } = await observe(
    sandbox(),
    { write: 'echo x > /mnt/file', read: 'cat /mnt/file', ...MOUNTINFO },
    { mounts: [bind('/mnt', 'ro', 'nosuid', 'nodev', 'noexec')] },
  );
  expect(write).toMatch(/Read-only file system/);
  expect(read).toBe('from the host');
  expect(mountOn(parseMounts(mountinfo), '/mnt').options).toEqual(
    expect.arrayContaining(['ro', 'nosuid', 'nodev', 'noexec']),
  );
  writeFileSync(join(sandbox().folder, 'source/file'), 'changed');
});

test('noexec, nodev and nosuid have their effect, not only their names', async () => {
  const { exec, device } = await observe(
    sandbox(),
    {
      exec: 'cp /bin/busybox /mnt/ && /mnt/busybox true',
      device: 'mknod /mnt/null c 1 3 && echo x > /mnt/null',
    },
    {
      mounts: [
        { destination: '/mnt', type: 'tmpfs', source: 'tmpfs', options: ['noexec', 'nodev'] },
      ],
      process: {
        capabilities: Object.fromEntries(
          ['bounding', 'permitted', 'effective'].map((set) => [set, ['CAP_MKNOD']]),
        ),
      },
    },
  );
  expect(exec).toMatch(/[Pp]ermission denied/);
  expect(device).toMatch(/[Pp]ermission denied/);
});

test('recursive options change the mounts below as well', async () => {
  const { mountinfo } = await observe(sandbox(), MOUNTINFO, {
    mounts: [
      { destination: '/mnt', source: '/sys', options: ['rbind', 'rro', 'rnosuid', 'rnoexec'] },
      { destination: '/data', source: '/sys', options: ['rbind', 'ro'] },
    ],
  });
  const mounts = parseMounts(mountinfo);
  const below = mounts.filter(({ path }) => path.startsWith('/mnt/'));
  expect(below).not.toEqual([]);
  for (const { options, path } of [...below, mountOn(mounts, '/mnt')]) {
    expect(options, path).toEqual(expect.arrayContaining(['ro', 'nosuid', 'noexec']));
  }
  expect(mountOn(mounts, '/data').options).toContain('ro');
});

test('a file is bound to a file that does not exist yet, and folders on the way are made', async () => {
  const container = sandbox().container({
    args: ['cat', '/new/folders/file'],
    mounts: [
      { destination: '/new/folders/file', source: join(source(), 'file'), options: ['bind', 'ro'] },
    ],
  });
  expect(await container.output()).toBe('from the host\n');
});

test('a relative source of a bind mount is found in the bundle', async () => {
  const container = sandbox().container({
    args: ['cat', '/data/file'],
    mounts: [{ destination: '/data', source: 'beside', options: ['bind'] }],
  });
  mkdirSync(join(container.bundle, 'beside'));
  writeFileSync(join(container.bundle, 'beside/file'), 'beside\n');
  expect(await container.output()).toBe('beside\n');
});

test('links in the root file system lead nowhere but into it', async () => {
  const outside = join(sandbox().folder, 'outside');
  mkdirSync(outside);
  const container = sandbox().container({
    args: ['sh', '-c', 'ls /absolute/made /relative/made /data'],
    mounts: ['/absolute/made', '/relative/made'].map((destination) => ({
      destination,
      type: 'tmpfs',
      source: 'tmpfs',
    })),
    linux: {
      maskedPaths: ['/absolute/masked'],
      readonlyPaths: ['/relative'],
      devices: [{ path: '/absolute/device', type: 'c', major: 1, minor: 3 }],
    },
  });
  symlinkSync(outside, join(container.rootfs, 'absolute'));
  symlinkSync('../../../../../../../../../../../data', join(container.rootfs, 'relative'));
  const { status, stderr } = await container.run();
  // The target of the absolute one does not exist in there: making it inside, or refusing, are both right.
  if (status !== 0) expect(stderr).toMatch(/absolute/);
  expect(readdirSync(outside)).toEqual([]);
  expect(sandbox().leftovers()).toEqual([]);
});

test('tmpcopyup shows what was there before, on a tmpfs', async () => {
  const container = sandbox().container({
    args: [
      'sh',
      '-c',
      'cat /etc/one; stat -c %a /etc/one; readlink /etc/link; ls /etc/deep; echo > /etc/new',
    ],
    mounts: [
      { destination: '/etc', type: 'tmpfs', source: 'tmpfs', options: ['tmpcopyup', 'mode=755'] },
    ],
  });
  writeFileSync(join(container.rootfs, 'etc/one'), 'kept\n', { mode: 0o640 });
  symlinkSync('one', join(container.rootfs, 'etc/link'));
  mkdirSync(join(container.rootfs, 'etc/deep'));
  writeFileSync(join(container.rootfs, 'etc/deep/er'), '');
  expect(await container.output()).toBe('kept\n640\none\ner\n');
  expect(existsSync(join(container.rootfs, 'etc/new'))).toBe(false);
});

test('a cgroup mount shows the hierarchies, read-only if asked for, with the limits of the container', async (context) => {
  needsHierarchy(context, 'pids');
  for (const namespaces of [[], [{ type: 'cgroup' }]]) {
    const { names, limit, write, mountinfo } = await observe(
      sandbox(),
      {
        names: 'ls /sys/fs/cgroup',
        limit: 'cat /sys/fs/cgroup/pids/pids.max',
        write: 'echo 5 > /sys/fs/cgroup/pids/pids.max',
        ...MOUNTINFO,
      },
      {
        namespaces,
        mounts: [
          {
            destination: '/sys',
            type: 'sysfs',
            source: 'sysfs',
            options: ['nosuid', 'noexec', 'nodev', 'ro'],
          },
          {
            destination: '/sys/fs/cgroup',
            type: 'cgroup',
            source: 'cgroup',
            options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
          },
        ],
        linux: { resources: { pids: { limit: 33 } } },
      },
    );
    expect(names.split('\n')).toEqual(expect.arrayContaining(['memory', 'pids', 'devices']));
    expect(limit).toBe('33');
    expect(write).toMatch(/Read-only file system/);
    const inside = parseMounts(mountinfo).filter(({ path }) => path.startsWith('/sys/fs/cgroup/'));
    for (const { options, path } of inside) expect(options, path).toContain('ro');
  }
});

test('mqueue, sysfs and further tmpfs are mounted with their own options', async () => {
  const { mountinfo } = await observe(sandbox(), MOUNTINFO, {
    mounts: [
      { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid'] },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['ro'] },
      {
        destination: '/data',
        type: 'tmpfs',
        source: 'named',
        options: ['size=8k', 'mode=700', 'uid=5'],
      },
    ],
  });
  const mounts = parseMounts(mountinfo);
  expect(mountOn(mounts, '/dev/mqueue').type).toBe('mqueue');
  expect(mountOn(mounts, '/sys').options).toContain('ro');
  const data = mountOn(mounts, '/data');
  expect(data.source).toBe('named');
  expect(data.superOptions).toEqual(expect.arrayContaining(['size=8k', 'mode=700', 'uid=5']));
});

test('the host sees none of the mounts of a container', async () => {
  const container = sandbox().container({ args: ['sleep', '1000'], mounts: [bind('/mnt')] });
  await container.create();
  await container.start();
  expect(
    sandbox()
      .leftovers()
      .filter((line) => line.startsWith('mount')),
  ).toEqual([]);
});

test('a missing mount point in a root that is read-only is made, because that happens before', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', 'echo x > /made/here && cat /made/here'],
    root: { readonly: true },
    mounts: [{ destination: '/made', type: 'tmpfs', source: 'tmpfs' }],
  });
  expect(await container.output()).toBe('x\n');
});

test('nothing of the old root can be reached', async () => {
  const { mountinfo, root, up } = await observe(sandbox(), {
    ...MOUNTINFO,
    root: 'ls -A /..',
    up: 'cd / && cd ../../.. && pwd; ls -d /proc/1/root/.. | head -1',
  });
  const known = ['/', '/proc', '/dev', '/dev/pts', '/dev/shm'];
  expect(parseMounts(mountinfo).map(({ path }) => path)).toEqual(known);
  expect(root).toContain('bin');
  expect(up.split('\n')[0]).toBe('/');
});
