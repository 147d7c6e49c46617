import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { readCgroup } from '../../lib/cgroups.ts';
import { type Container, succeed } from '../../lib/container.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { cgroupDirectory, runShell, runToStop } from './support.ts';

const sandbox = useSandbox();

const byNumber = (a: number, b: number): number => a - b;

const ps = (container: Container, ...args: string[]) =>
  sandbox().run(['ps', container.id, ...args]);

async function pidsOf(container: Container): Promise<number[]> {
  const ended = await sandbox().run(['ps', '--format', 'json', container.id]);
  return (JSON.parse(succeed('ps', ended).stdout) as number[]).sort(byNumber);
}

test('ps -f json gives the processes of the container and no others, as integers', async () => {
  const container = await runShell(sandbox(), 'sleep 2000 &');
  // It forks from time to time.
  succeed('pause', await sandbox().run(['pause', container.id]));
  const present = readCgroup('pids', container.cgroup, 'cgroup.procs').split('\n').map(Number);
  expect(present.length).toBeGreaterThanOrEqual(2);
  expect(await pidsOf(container)).toEqual(present.sort(byNumber));
  expect(present).toContain((await container.state()).pid);
});

test('ps -f json gives those in sub-cgroups too', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  await container.start();
  const { pid } = await container.state();
  const below = `${cgroupDirectory('freezer', container.cgroup)}/below`;
  mkdirSync(below);
  writeFileSync(`${below}/cgroup.procs`, `${pid}`);
  expect(await pidsOf(container)).toEqual([pid]);
});

test('ps shows the lines of ps -ef about the container, below the titles', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  await container.start();
  const { pid } = await container.state();
  const [titles = '', line = '', ...rest] = succeed('ps', await ps(container)).stdout.split('\n');
  expect(titles).toMatch(/^UID +PID +PPID +C +STIME +TTY +TIME +CMD$/);
  expect(line).toMatch(new RegExp(`^root +${pid} .* /program$`));
  expect(rest).toEqual(['']);
});

test.each([
  ['as runc takes them', ['-o', 'pid,args', '-e']],
  ['behind --', ['--', '-o', 'pid,args', '-e']],
])('ps passes its arguments on %s', async (_how, args) => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  await container.start();
  const { pid } = await container.state();
  const { stdout } = succeed('ps', await ps(container, ...args));
  expect(stdout).toMatch(new RegExp(`^ +PID COMMAND\n *${pid} /program\n$`));
});

test('ps of a created container shows its init, of a paused one what stands still', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  const { pid } = await container.state();
  expect(await pidsOf(container)).toEqual([pid]);
  await container.start();
  succeed('pause', await sandbox().run(['pause', container.id]));
  expect(await pidsOf(container)).toEqual([pid]);
});

test('ps of a stopped container is an empty array, or the titles alone', async () => {
  const container = await runToStop(sandbox());
  expect(await pidsOf(container)).toEqual([]);
  expect(succeed('ps', await ps(container)).stdout).toMatch(/^UID .*CMD\n$/);
});

test('ps says what is wrong', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  const refused: [args: string[], message: RegExp][] = [
    [['ps', 'nobody'], /^runts: container does not exist\n$/],
    [['ps'], /^runts: "ps" requires a minimum of 1 argument\(s\)/],
    [['ps', '-f', 'xml', container.id], /^runts: invalid format option: expected "table" or/],
    [['ps', container.id, '-o', 'comm'], /^runts: couldn't find PID field in ps output/],
    [
      ['ps', container.id, '--bogus'],
      /^runts: run ps: it ended with exit status 1: error: [^\n]*\n$/,
    ],
  ];
  for (const [args, message] of refused) {
    const { status, stdout, stderr } = await sandbox().run(args);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  }
});

/** Instead of ps(1): a shell script with this behind its titles. */
async function psOf(container: Container, script: string) {
  const folder = join(sandbox().folder, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ps'), `#!/bin/sh\necho PID CMD\n${script}\n`, { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env.PATH}` };
  return sandbox().run(['ps', container.id], { env });
}

test('ps does not look through command lines, which are as long as the container likes', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  const [pid = 0] = await pidsOf(container);
  const line = `printf '%s ' ${pid}; yes x | tr '\\n' ' ' | head --bytes 167772160; echo`;
  const { stdout } = succeed('ps', await psOf(container, line));
  expect(stdout.length).toBe('PID CMD\n'.length + `${pid} \n`.length + 167772160);
});

test('ps does not take more than 256 MiB', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  const ended = await psOf(container, 'truncate --size=257M /proc/self/fd/1');
  expect(ended).toMatchObject({ status: 1, stdout: '' });
  expect(ended.stderr).toBe('runts: run ps: it printed more than 256 MiB\n');
});

test('ps --help is ours before the id and that of ps behind it', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  const ours = succeed('ps', await sandbox().run(['ps', '--help'])).stdout;
  expect(ours).toMatch(/^Usage: runts ps \[options\] <container-id> \[ps-options\.\.\.\]\n/);
  expect((await ps(container, '--help', 'simple')).stderr).toMatch(/couldn't find PID field/);
});
