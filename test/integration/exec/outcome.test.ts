import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileAppears } from '../../lib/files.ts';
import { namespaceOf, waitForEnd } from '../../lib/processes.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { exec, shell, started, tryExec } from './support.ts';

const sandbox = useSandbox();

test('exec ends with the exit code of the program, and 128 + n after signal n', async () => {
  const container = await started(sandbox());
  expect((await tryExec(container, ['sh', '-c', 'exit 7'])).status).toBe(7);
  expect((await tryExec(container, ['sh', '-c', 'kill -9 $$'])).status).toBe(137);
  expect((await tryExec(container, ['sh', '-c', 'exit 255'])).status).toBe(255);
});

test('standard streams are those of the caller, untouched', async () => {
  const container = await started(sandbox());
  const { status, stdout, stderr } = await tryExec(
    container,
    ['sh', '-c', 'cat; echo error >&2'],
    [],
    { input: 'through\n' },
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'through\n', stderr: 'error\n' });
});

test.each([
  [['nosuch'], [], /exec: "nosuch": executable file not found in \$PATH/],
  [['/nosuch'], [], /exec: "\/nosuch": no such file or directory/],
  [['/etc'], [], /exec: "\/etc": .*directory/],
  [['/data/text'], [], /exec: "\/data\/text": permission denied/],
  [[], [], /process args cannot be empty/],
  [['pwd'], ['--cwd', '/nosuch'], /working directory \/nosuch: ENOENT/],
  [['pwd'], ['--cwd', 'relative'], /--cwd: expected an absolute path/],
  [['id'], ['--user', 'bob'], /--user: expected a number .*"bob"/],
  [['env'], ['--env', 'A'], /invalid environment variable: expected NAME=value/],
  [
    ['true'],
    ['--detach', '--tty'],
    /cannot allocate tty if .* will detach without setting console socket/,
  ],
  [
    ['true'],
    ['--console-socket', '/x'],
    /cannot use console socket if .* will not detach or allocate tty/,
  ],
  [['true'], ['--process', '/nosuch.json'], /got both|no such file or directory/],
])('%j with %j fails with 255 and says why', async (command, flags, message) => {
  const container = await started(sandbox());
  writeFileSync(join(container.rootfs, 'data/text'), 'no program\n', { mode: 0o644 });
  const { status, stderr } = await tryExec(container, command, flags);
  expect(status).toBe(255);
  expect(stderr).toMatch(/^runts: exec failed: /);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a container that is stopped, paused or not there takes no program', async () => {
  const container = await started(sandbox());
  const absent = await sandbox().run(['exec', 'nosuch', 'true']);
  expect(absent).toMatchObject({ status: 255 });
  expect(absent.stderr).toContain('exec failed: container does not exist');

  await sandbox().run(['pause', container.id]);
  const paused = await tryExec(container, ['true']);
  expect(paused).toMatchObject({ status: 255 });
  expect(paused.stderr).toContain(
    'cannot exec in a paused container (use --ignore-paused to override)',
  );
  const waiting = sandbox().start(['exec', '--ignore-paused', container.id, 'echo', 'at last']);
  await sandbox().run(['resume', container.id]);
  expect(await waiting.stdout.end).toBe('at last\n');
  expect(await waiting.status).toBe(0);

  const { pid } = await container.state();
  await container.kill('KILL');
  await waitForEnd(pid);
  const stopped = await tryExec(container, ['true']);
  expect(stopped).toMatchObject({ status: 255 });
  expect(stopped.stderr).toContain('exec failed: cannot exec in a stopped container');
});

/** Names those of a shell that are open. */
const OPEN = 'for n in $(seq 0 40); do [ -e /proc/self/fd/$n ] && echo $n; done; :';

test('the program has no descriptor but its streams and what is passed on', async () => {
  const container = await started(sandbox());
  expect((await shell(container, OPEN)).split('\n')).toEqual(['0', '1', '2']);
  const file = join(sandbox().folder, 'three');
  writeFileSync(file, 'three\n');
  const descriptors = [openSync(file, 'r'), openSync(file, 'r')];
  const { stdout } = await tryExec(
    container,
    ['sh', '-c', `cat <&3; ${OPEN}`],
    ['--preserve-fds', '1'],
    { descriptors },
  );
  for (const descriptor of descriptors) closeSync(descriptor);
  expect(stdout.trim().split('\n')).toEqual(['three', '0', '1', '2', '3']);
});

test('a descriptor that is not open cannot be passed on', async () => {
  const container = await started(sandbox());
  const { status, stderr } = await tryExec(container, ['true'], ['--preserve-fds', '40']);
  expect(status).toBe(255);
  expect(stderr).toMatch(/descriptor \d+ is not open/);
});

test('no descriptor of the runtime leads out of the root as a working directory', async () => {
  const container = await started(sandbox());
  for (let fd = 3; fd < 24; fd++) {
    const { status, stdout } = await tryExec(container, ['pwd'], ['--cwd', `/proc/self/fd/${fd}`]);
    if (status !== 255) expect(stdout, `descriptor ${fd}`).toBe('/\n');
  }
});

test('--detach returns when the program runs, and the pid file names it', async () => {
  const container = await started(sandbox());
  const file = join(sandbox().folder, 'pid');
  const command = ['sh', '-c', 'touch /data/up; sleep 1000; :'];
  const { status } = await tryExec(container, command, ['-d', '--pid-file', file]);
  expect(status).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^[1-9]\d*$/);
  const pid = Number(text);
  // Exec returns within execve: the kernel sets the arguments somewhat later.
  await fileAppears(join(container.rootfs, 'data/up'));
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe(`${command.join('\0')}\0`);
  const init = (await container.state()).pid;
  expect(namespaceOf(pid, 'pid')).toBe(namespaceOf(init, 'pid'));
  await container.kill('KILL');
  // The pid namespace takes it along.
  await waitForEnd(pid);
});

test('no pid file appears, and nothing is left, where the program cannot be run', async () => {
  const container = await started(sandbox());
  const file = join(sandbox().folder, 'pid');
  const before = await exec(container, ['ls', '/proc']);
  expect((await tryExec(container, ['nosuch'], ['-d', '--pid-file', file])).status).toBe(255);
  expect(readdirSync(sandbox().folder)).not.toContain('pid');
  const pids = (text: string) => text.split('\n').filter((name) => /^\d+$/.test(name)).length;
  expect(pids(await exec(container, ['ls', '/proc']))).toBe(pids(before));
});

test('signals for exec reach the program', async () => {
  const container = await started(sandbox());
  const running = sandbox().start([
    ...['exec', container.id, 'sh', '-c'],
    'trap "echo terminated; exit 9" TERM; echo ready; while :; do sleep 1; done',
  ]);
  await running.stdout.until(/ready/);
  running.signal('SIGTERM');
  expect(await running.status).toBe(9);
  expect(await running.stdout.end).toContain('terminated');
});
