import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, RUNTIME, runToEnd } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

/** One line that names what is wrong, a status other than 0, nothing on stdout, and nothing left. */
function expectRefusal({ status, stdout, stderr }: Ended, wrong: RegExp): void {
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(wrong);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(sandbox().leftovers()).toEqual([]);
}

test('a bundle that is not there', async () => {
  const ended = await sandbox().run(['create', '--bundle', '/no-such/bundle', 'x']);
  expectRefusal(ended, /\/no-such\/bundle.*no such file or directory/);
});

test('a config.json that is missing', async () => {
  const { bundle, id } = sandbox().emptyBundle();
  const ended = await sandbox().run(['create', '--bundle', bundle, id]);
  expectRefusal(ended, /config\.json.*(no such file or directory|not found|has no config\.json)/);
});

test('a config.json that is empty', async () => {
  const container = sandbox().container();
  container.writeConfig('');
  expectRefusal(await container.tryCreate(), /EOF|empty|end of (the )?(file|input|document)/i);
});

test('a config.json that is not JSON', async () => {
  const container = sandbox().container();
  container.writeConfig('{"ociVersion": nonsense}');
  expectRefusal(await container.tryCreate(), /config\.json|JSON|invalid character/i);
});

/* Each of these has a value for the interpreter in the binary as it comes. */
test.each([
  ['1.', /config\.json:1:16: expected a number, got "1\."/],
  ['-01', /config\.json:1:16: expected a number, got "-01"/],
  ['2.e5', /config\.json:1:16: expected a number, got "2\.e5"/],
  ['"\\x41"', /config\.json:1:17: expected an escape that JSON knows/],
  ['"\\u{41}"', /config\.json:1:17: expected an escape that JSON knows/],
  ['"\\\n"', /config\.json:1:17: expected an escape that JSON knows/],
])('a config.json that is JavaScript and no JSON: %j', async (value, wrong) => {
  const container = sandbox().container();
  container.writeConfig(`{"ociVersion": ${value}}`);
  expectRefusal(await container.tryCreate(), wrong);
});

test('a config.json that ends half-way', async () => {
  const container = sandbox().container();
  container.writeConfig(JSON.stringify(container.config).slice(0, -20));
  expectRefusal(await container.tryCreate(), /config\.json|JSON|unexpected EOF/i);
});

test('a config.json that nests without end, on a small stack that the environment has its part of', async () => {
  const { bundle, id } = sandbox().emptyBundle();
  writeFileSync(join(bundle, 'config.json'), '['.repeat(100_000));
  // In KiB; however small a stack is, arguments and environment may take 128 KiB (execve(2)).
  const command = `ulimit -s 256; exec "$@"`;
  const args = ['-c', command, 'sh', RUNTIME, '--root', sandbox().root, 'create', '-b', bundle, id];
  const env = { LARGE: 'x'.repeat(100 * 1024) };
  const ended = await runToEnd(args, sandbox().folder, { env }, 'sh');
  expectRefusal(ended, /stack overflow|levels of nesting/);
});

test.each([12, 24, 32, 40, 48])('a config.json that does not fit in %i MiB', async (limit) => {
  const container = sandbox().container();
  const annotations = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`a${index}`, 'x'.repeat(1000)]),
  );
  container.writeConfig(JSON.stringify({ ...container.config, annotations }));
  const command = `ulimit -v ${limit * 1024}; exec "$@"`;
  const create = ['create', '-b', container.bundle, container.id];
  const args = ['-c', command, 'sh', RUNTIME, '--root', sandbox().root, ...create];
  const { status, stdout, stderr } = await runToEnd(args, sandbox().folder, {}, 'sh');
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^runts.*(out of memory|ENOMEM).*\n$/);
  // Told of it by the kernel, or ended by abort(3).
  expect([1, 128 + constants.signals.SIGABRT]).toContain(status);
  // Whoever is ended by it leaves what a runtime leaves that was killed there.
  expect(await sandbox().run(['delete', '--force', container.id])).toMatchObject({ status: 0 });
  expect(sandbox().leftovers()).toEqual([]);
});

test('a config.json with a fault behind megabytes of one line, in memory for not much more than these', async () => {
  const container = sandbox().container();
  const text = `"a":"${'x'.repeat(4_000_000)}"`;
  container.writeConfig(`{${text},}`);
  const create = ['create', '-b', container.bundle, container.id];
  // In KiB.
  const args = ['-c', 'ulimit -v 49152; exec "$@"', 'sh', RUNTIME, '--root', sandbox().root];
  const ended = await runToEnd([...args, ...create], sandbox().folder, {}, 'sh');
  expectRefusal(ended, /config\.json:1:4000009: expected a property name, got "}"/);
});

test('a config.json that is a directory', async () => {
  const { bundle, id } = sandbox().emptyBundle();
  mkdirSync(join(bundle, 'config.json'));
  const ended = await sandbox().run(['create', '--bundle', bundle, id]);
  expectRefusal(ended, /config\.json.*directory/);
});

test('a root file system that is missing', async () => {
  const container = sandbox().container();
  rmSync(container.rootfs, { recursive: true });
  expectRefusal(await container.tryCreate(), /rootfs/);
});

test('a root file system that is a file', async () => {
  const container = sandbox().container();
  rmSync(container.rootfs, { recursive: true });
  writeFileSync(container.rootfs, '');
  expectRefusal(await container.tryCreate(), /rootfs.*not a directory|not a directory.*rootfs/);
});

test('an executable that is missing, by path', async () => {
  const container = sandbox().container({ args: ['/bin/no-such'] });
  expectRefusal(await container.run(), /\/bin\/no-such.*no such file or directory/);
});

test('an executable that is missing, by name', async () => {
  const container = sandbox().container({ args: ['no-such'] });
  const wrong = /no-such.{0,3}executable file not found in \$PATH/;
  expectRefusal(await container.run(), wrong);
});

test('an executable that is not executable', async () => {
  const container = sandbox().container({ args: ['/etc/text'] });
  writeFileSync(join(container.rootfs, 'etc/text'), 'text');
  chmodSync(join(container.rootfs, 'etc/text'), 0o644);
  expectRefusal(await container.run(), /\/etc\/text.*permission denied/);
});

test('an executable that is a directory', async () => {
  const container = sandbox().container({ args: ['/etc'] });
  expectRefusal(await container.run(), /\/etc.*(permission denied|is a directory)/);
});

test('a working directory that can not be entered', async () => {
  const container = sandbox().container({ process: { cwd: '/etc/file' } });
  writeFileSync(join(container.rootfs, 'etc/file'), '');
  expectRefusal(await container.run(), /\/etc\/file.*not a directory/);
});

test('a hook that does not exist', async () => {
  const container = sandbox().container({
    hooks: { createRuntime: [{ path: '/no-such/hook' }] },
  });
  expectRefusal(await container.run(), /\/no-such\/hook.*no such file or directory/);
});

test('a bind mount of a source that does not exist', async () => {
  const container = sandbox().container({
    mounts: [{ destination: '/data', source: '/no-such/source', options: ['bind'] }],
  });
  expectRefusal(await container.run(), /\/no-such\/source.*no such file or directory/);
});

test('a mount of an unknown file system', async () => {
  const container = sandbox().container({
    mounts: [{ destination: '/data', source: 'x', type: 'nosuchfs' }],
  });
  expectRefusal(await container.run(), /nosuchfs|no such device/);
});

test('a limit that the kernel refuses', async () => {
  const container = sandbox().container({ linux: { resources: { cpu: { cpus: '4096' } } } });
  expectRefusal(await container.run(), /cpuset/);
});
