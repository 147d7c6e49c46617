/** What people get wrong about mounts and devices. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Section } from '../../lib/config.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { expectError, inMountNamespace, runBelow } from './support.ts';

const sandbox = useSandbox();

const bind = (source: string, destination: string): Section => ({
  destination,
  source,
  type: 'bind',
  options: ['rbind'],
});

/** The text of a failed run with one mount more, which is number 4 of the plain configuration. */
async function expectMountError(mount: Section, text: string): Promise<void> {
  const container = sandbox().container({ mounts: [mount] });
  writeFileSync(join(container.bundle, 'file'), '');
  mkdirSync(join(container.bundle, 'folder'));
  writeFileSync(join(container.rootfs, 'etc/file'), '');
  const ended = await container.run();
  expectError(sandbox(), ended, `runts run failed: config.json /mounts/4: ${text}`);
}

test('a volume whose source is not there', async () => {
  await expectMountError(
    bind('/srv/no-such', '/data'),
    'bind /srv/no-such on /data: open the source: ENOENT (no such file or directory) – the source must exist on the host',
  );
});

test('a directory mounted onto a file', async () => {
  await expectMountError(
    bind('folder', '/etc/file'),
    'bind DIR/ID/folder on /etc/file: attach it: ENOTDIR (not a directory) – a directory is mounted on a directory, a file on a file',
  );
});

test('a file mounted onto a directory', async () => {
  await expectMountError(
    bind('file', '/data'),
    'bind DIR/ID/file on /data: attach it: ENOTDIR (not a directory) – a directory is mounted on a directory, a file on a file',
  );
});

test('a file system mounted onto a file', async () => {
  await expectMountError(
    { destination: '/etc/file', type: 'tmpfs', source: 'tmpfs' },
    'mount tmpfs on /etc/file: attach it: EINVAL (invalid argument) – the target is not a directory',
  );
});

test('a file system that the kernel does not know', async () => {
  await expectMountError(
    { destination: '/data', type: 'zfs5', source: 'pool' },
    'mount zfs5 on /data: ENODEV (no such device) – this kernel does not know the file system; is its module loaded?',
  );
});

test('an option that the file system does not know', async () => {
  await expectMountError(
    { destination: '/data', type: 'tmpfs', source: 'tmpfs', options: ['sise=1m'] },
    "mount tmpfs on /data: EINVAL (invalid argument): option sise=1m: tmpfs: Unknown parameter 'sise' – the file system does not know the option or its value",
  );
});

test('an overlay whose lower directory is not there', async () => {
  await expectMountError(
    { destination: '/data', type: 'overlay', source: 'x', options: ['lowerdir=/srv/no-such'] },
    'mount overlay on /data: ENOENT (no such file or directory): option lowerdir=/srv/no-such – a path in an option must exist on the host',
  );
});

test('a disk that is no block device', async () => {
  await expectMountError(
    { destination: '/data', type: 'ext4', source: '/dev/null' },
    "mount ext4 on /data: ENOTBLK (block device required): /dev/null: Can't lookup blockdev – the source must be a block device",
  );
});

test('a source without a type and without bind', async () => {
  await expectMountError(
    { destination: '/data', source: '/srv' },
    'mount on /data: has neither a type nor the option bind',
  );
});

test('a new sysfs in a user namespace that has the network of the host', async () => {
  const ids = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  const container = sandbox().container({
    namespaces: [{ type: 'user' }],
    without: ['network'],
    linux: { uidMappings: ids, gidMappings: ids },
    mounts: [{ destination: '/sys', type: 'sysfs', source: 'sysfs' }],
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /mounts/4: mount sysfs on /sys: EPERM (operation not permitted) – in a user namespace, proc takes a pid namespace of the container’s own, and a /proc outside that nothing is mounted over; sysfs takes a network namespace, mqueue an ipc namespace',
  );
});

test('a new proc in a user namespace, within a container whose own /proc is masked', async () => {
  const ids = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  const { bundle, id } = sandbox().container({
    namespaces: [{ type: 'user' }],
    linux: { uidMappings: ids, gidMappings: ids },
  });
  const masked = inMountNamespace('mount -t tmpfs tmpfs /proc/irq');
  const check = await runBelow(sandbox(), masked, ['check', '--bundle', bundle]);
  expect(check.stdout).toContain(
    'missing   config.json /mounts/0: a new proc: /proc/irq is mounted over the /proc of this host',
  );
  expectError(
    sandbox(),
    await runBelow(sandbox(), masked, ['run', '--bundle', bundle, id]),
    'runts run failed: config.json /mounts/0: mount proc on /proc: EPERM (operation not permitted): VFS: Mount too revealing – in a user namespace, proc takes a pid namespace of the container’s own, and a /proc outside that nothing is mounted over; sysfs takes a network namespace, mqueue an ipc namespace',
  );
});

test('a /dev with nodev is warned about, and what a container then hears from the kernel', async () => {
  const { bundle, id, ...container } = sandbox().container({ args: ['sh', '-c', ': > /dev/null'] });
  const mounts = container.config.mounts as Section[];
  const options = ['nosuid', 'nodev'];
  const changed = mounts.map((mount) =>
    mount.destination === '/dev' ? { ...mount, options } : mount,
  );
  const config = { ...container.config, mounts: changed };
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
  const { status, stderr } = await sandbox().run(['run', '--bundle', bundle, id]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^runts: warning: config\.json:1:\d+: \/mounts\/1\/options\/1: no device in \/dev can be opened, not even \/dev\/null: leave nodev out\n/,
  );
  expect(stderr).toMatch(/\/dev\/null: Permission denied\n$/);
});

test('a device where something else is', async () => {
  const container = sandbox().container({
    linux: { devices: [{ path: '/etc', type: 'c', major: 1, minor: 3 }] },
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /linux/devices/0: make the device /etc: check it: EEXIST (file exists) – something else is there already',
  );
});
