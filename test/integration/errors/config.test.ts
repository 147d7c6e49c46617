/** What people get wrong in a configuration, and around it. */
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useSandbox } from '../../lib/sandbox.ts';
import { expectError } from './support.ts';

const sandbox = useSandbox();

const MAPPED = [{ containerID: 0, hostID: 100_000, size: 1000 }];

test('JSON with a comma too many', async () => {
  const container = sandbox().container();
  container.writeConfig('{\n  "ociVersion": "1.3.0",\n}\n');
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json:3:1: expected a property name, got "}"',
  );
});

test('several mistakes are told at once, each with line, column and what was expected', async () => {
  const container = sandbox().container();
  container.writeConfig(
    `{
  "ociVersion": "1.3.0",
  "root": { "path": "rootfs" },
  "process": { "cwd": "/", "args": "sh", "user": { "uid": "root" } }
}
`,
  );
  expectError(
    sandbox(),
    await container.run(),
    `runts run failed: config.json:4:36: /process/args: expected an array, got "sh"
config.json:4:59: /process/user/uid: expected an integer, got "root"`,
  );
});

test('a bundle without config.json', async () => {
  const { bundle, id } = sandbox().emptyBundle();
  expectError(
    sandbox(),
    await sandbox().run(['run', '--bundle', bundle, id]),
    'runts run failed: read DIR/ID/config.json: the bundle has no config.json (`runts spec` writes one)',
  );
});

test('a root file system that is not there', async () => {
  const container = sandbox().container();
  rmSync(container.rootfs, { recursive: true });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /root/path: open the root file system DIR/ID/rootfs: no such file or directory: unpack an image there, or correct the path, which starts in the bundle',
  );
});

test('a root file system that root of the user namespace cannot reach', async () => {
  const container = sandbox().container({
    namespaces: [{ type: 'user' }],
    linux: { uidMappings: MAPPED, gidMappings: MAPPED },
  });
  chmodSync(container.bundle, 0o700);
  const check = await sandbox().run(['check', '--bundle', container.bundle]);
  expect(check.stdout).toContain(
    `cannot be reached by uid 100000, root of the container, for want of search permission on ${container.bundle} – chmod`,
  );
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /root/path: open the rootfs DIR/ID/rootfs: EACCES (permission denied) – the container’s root user needs search permission on every directory above it',
  );
});

test('a capability that no kernel has is warned about and left out', async () => {
  const bounding = ['CAP_KILL', 'CAP_NETADMIN'];
  const container = sandbox().container({ process: { capabilities: { bounding } } });
  const { status, stderr } = await container.run();
  expect(status).toBe(0);
  expect(stderr).toBe(
    'runts: warning: process.capabilities: CAP_NETADMIN left out: not known to this kernel\n',
  );
});

test('a user whom the user namespace does not map', async () => {
  const container = sandbox().container({
    process: { user: { uid: 1000, gid: 0 } },
    namespaces: [{ type: 'user' }],
    linux: { uidMappings: MAPPED, gidMappings: MAPPED },
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json:8:14: /process/user/uid: expected a user id that /linux/uidMappings maps, got 1000',
  );
});

test('a kernel parameter of a namespace that is the host’s', async () => {
  const container = sandbox().container({
    without: ['network'],
    linux: { sysctl: { 'net.ipv4.ip_forward': '1' } },
  });
  const { status, stderr } = await container.run();
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^runts run failed: config\.json:\d+:\d+: \/linux\/sysctl\/net\.ipv4\.ip_forward: expected a namespace of type "network" that is not the host's, got none\n$/,
  );
});

test('a kernel parameter that belongs to no namespace', async () => {
  const container = sandbox().container({ linux: { sysctl: { 'vm.swappiness': '1' } } });
  const { status, stderr } = await container.run();
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^runts run failed: config\.json:\d+:\d+: \/linux\/sysctl\/vm\.swappiness: expected a setting that belongs to a namespace, got one that would change the host\n$/,
  );
});

test('a kernel parameter that this kernel does not have', async () => {
  const container = sandbox().container({ linux: { sysctl: { 'net.ipv4.no_such': '1' } } });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /linux/sysctl/net.ipv4.no_such: set the kernel parameter net/ipv4/no_such: open it: ENOENT (no such file or directory) – this kernel has no such parameter in this namespace',
  );
});

test('a namespace of a process that has ended', async () => {
  const container = sandbox().container({
    namespaces: [{ type: 'network', path: '/proc/4194303/ns/net' }],
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /linux/namespaces/4: open the network namespace /proc/4194303/ns/net: ENOENT (no such file or directory) – the process that it belonged to may have ended',
  );
});

test('a namespace of another kind than the configuration says', async () => {
  const container = sandbox().container({
    namespaces: [{ type: 'network', path: '/proc/self/ns/uts' }],
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /linux/namespaces/4: open the network namespace /proc/self/ns/uts: check its kind: EINVAL (invalid argument) – it is a namespace of another kind',
  );
});

test('a terminal that nobody would take', async () => {
  const container = sandbox().container({ process: { terminal: true } });
  expectError(
    sandbox(),
    await container.tryCreate(),
    'runts create failed: config.json /process/terminal: cannot allocate tty if runts will detach without setting console socket: give --console-socket, or set it to false',
  );
});

test('a console socket that is not there', async () => {
  const container = sandbox().container({ process: { terminal: true } });
  expectError(
    sandbox(),
    await container.tryCreate(['--console-socket', `${sandbox().folder}/no-such`]),
    'runts create failed: send the terminal to --console-socket DIR/no-such: no such file or directory: does somebody listen there, on a stream socket?',
  );
});

test('a pid file in a directory that is not there', async () => {
  const container = sandbox().container();
  expectError(
    sandbox(),
    await container.tryCreate(['--pid-file', `${sandbox().folder}/no-such/pid`]),
    'runts create failed: write --pid-file DIR/no-such/pid: no such file or directory: its directory must be there',
  );
});

test('an id that is taken', async () => {
  const first = sandbox().container({ args: ['sleep', '1000'] });
  await first.create();
  const { status, stderr } = await first.tryCreate();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^runts create failed: container with given ID already exists/);
  expect((await first.state()).status).toBe('created');
});

test('an id that could be a path', async () => {
  const { bundle } = sandbox().container();
  expectError(
    sandbox(),
    await sandbox().run(['create', '--bundle', bundle, 'web/1']),
    'runts create failed: invalid container ID format: expected letters, digits, "_", "+", "-" and ".", got "web/1"',
  );
});

test('hooks that fail: outside and inside of the container, with what they said', async () => {
  const hook = { path: '/bin/sh', args: ['sh', '-c', 'echo no bridge >&2; exit 3'] };
  const outside = sandbox().container({ hooks: { createRuntime: [hook] } });
  expectError(
    sandbox(),
    await outside.run(),
    'runts run failed: config.json /hooks/createRuntime/0: createRuntime hook /bin/sh: exit status 3: no bridge',
  );
  const inside = sandbox().container({ hooks: { createContainer: [hook] } });
  expectError(
    sandbox(),
    await inside.run(),
    'runts run failed: config.json /hooks/createContainer/0: run the hook /bin/sh: exit status 3: no bridge',
  );
});

test('a hook that is not there', async () => {
  const container = sandbox().container({ hooks: { prestart: [{ path: '/opt/no-such' }] } });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /hooks/prestart/0: prestart hook /opt/no-such: no such file or directory: is the path right, and is its interpreter there?',
  );
});

test('a bundle that is not there', async () => {
  const { bundle, id } = sandbox().emptyBundle();
  expectError(
    sandbox(),
    await sandbox().run(['run', '--bundle', join(bundle, 'none'), id]),
    'runts run failed: open bundle DIR/ID/none: no such file or directory',
  );
});
