import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { observe } from '../../lib/observe.ts';
import { statusField } from '../../lib/processes.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

const SETS = {
  bounding: 'CapBnd',
  effective: 'CapEff',
  permitted: 'CapPrm',
  inheritable: 'CapInh',
  ambient: 'CapAmb',
};
const BITS: Record<string, number> = {
  CAP_CHOWN: 0,
  CAP_KILL: 5,
  CAP_SETUID: 7,
  CAP_NET_BIND_SERVICE: 10,
  CAP_NET_RAW: 13,
};

const mask = (...names: string[]): string =>
  names
    .reduce((sum, name) => sum | (1n << BigInt(BITS[name] ?? 63)), 0n)
    .toString(16)
    .padStart(16, '0');

test('the five capability sets are those of the configuration, each on its own', async () => {
  const capabilities = {
    bounding: ['CAP_CHOWN', 'CAP_KILL', 'CAP_SETUID', 'CAP_NET_BIND_SERVICE', 'CAP_NET_RAW'],
    permitted: ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_RAW'],
    inheritable: ['CAP_NET_RAW', 'CAP_KILL'],
    effective: ['CAP_NET_RAW', 'CAP_KILL'],
    ambient: ['CAP_NET_RAW'],
  };
  const container = sandbox().staticContainer('pause', {
    process: { capabilities, user: { uid: 1000, gid: 1000 } },
  });
  await container.create();
  await container.start();
  const { pid } = await container.state();
  const seen = Object.fromEntries(
    Object.values(SETS).map((field) => [field, statusField(pid, field)]),
  );
  // An execve by an ordinary user leaves the ambient ones permitted and effective; the kernel has done that here.
  expect(seen).toEqual({
    CapBnd: mask(...capabilities.bounding),
    CapInh: mask(...capabilities.inheritable),
    CapAmb: mask('CAP_NET_RAW'),
    CapPrm: mask('CAP_NET_RAW'),
    CapEff: mask('CAP_NET_RAW'),
  });
});

test('root has the permitted and effective capabilities of the configuration after execve', async () => {
  const names = ['CAP_CHOWN', 'CAP_KILL'];
  const container = sandbox().staticContainer('pause', {
    process: { capabilities: { bounding: names, permitted: names, effective: names } },
  });
  await container.create();
  await container.start();
  const { pid } = await container.state();
  for (const field of ['CapBnd', 'CapPrm', 'CapEff']) {
    expect(statusField(pid, field), field).toBe(mask(...names));
  }
  expect(statusField(pid, 'CapAmb')).toBe(mask());
});

test('a process without capabilities in the configuration has none', async () => {
  const container = sandbox().staticContainer('pause', { process: { capabilities: undefined } });
  await container.create();
  await container.start();
  const { pid } = await container.state();
  for (const field of Object.values(SETS)) expect(statusField(pid, field), field).toBe(mask());
});

test('noNewPrivileges is as the configuration says', async () => {
  for (const noNewPrivileges of [true, false]) {
    const container = sandbox().staticContainer('pause', { process: { noNewPrivileges } });
    await container.create();
    await container.start();
    const { pid } = await container.state();
    expect(statusField(pid, 'NoNewPrivs')).toBe(noNewPrivileges ? '1' : '0');
  }
});

test('the process leads a session of its own and has the signals as they are by default', async () => {
  const container = sandbox().staticContainer('pause');
  await container.create();
  await container.start();
  const { pid } = await container.state();
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  expect(stat[3]).toBe(String(pid));
  expect(statusField(pid, 'SigBlk')).toBe('0000000000000000');
  expect(statusField(pid, 'SigIgn')).toBe('0000000000000000');
});

test('the program is not the runtime: /proc/self/exe and the names in ps are its own', async () => {
  const { exe, names } = await observe(sandbox(), {
    exe: 'readlink /proc/$$/exe',
    names: 'cat /proc/1/comm; tr "\\0" " " < /proc/1/cmdline | head -c 6',
  });
  expect(exe).toBe('/bin/busybox');
  expect(names.split('\n')).toEqual(['sh', 'sh -c ']);
});

test('preserve-fds passes that many descriptors and no more', async () => {
  const files = ['three', 'four', 'five'].map((name) => {
    const path = join(sandbox().folder, name);
    writeFileSync(path, `${name}\n`);
    return openSync(path, 'r');
  });
  const container = sandbox().container({
    args: ['sh', '-c', 'cat <&3; cat <&4; ls /proc/self/fd'],
  });
  const ended = await container.run(['--preserve-fds', '2'], { descriptors: files });
  for (const file of files) closeSync(file);
  expect(ended).toEqual({ status: 0, stderr: '', stdout: 'three\nfour\n0\n1\n2\n3\n4\n5\n' });
});

test('the working directory is made when it is missing, and is inside of the container', async () => {
  const { pwd } = await observe(
    sandbox(),
    { pwd: 'readlink /proc/self/cwd' },
    { process: { cwd: '/a/b/c' } },
  );
  expect(pwd).toBe('/a/b/c');
});

test('the umask of the configuration is set, and 0022 is what there is without one', async () => {
  const question = { umask: 'umask', mode: 'touch /data/new; stat -c %a /data/new' };
  const set = await observe(sandbox(), question, {
    process: { user: { uid: 0, gid: 0, umask: 0o77 } },
  });
  expect(set).toEqual({ umask: '0077', mode: '600' });
  const unset = await observe(sandbox(), question);
  expect(unset).toEqual({ umask: '0022', mode: '644' });
});

test('an orphan in the container is reaped by its first process, not left to the host', async () => {
  const { parent } = await observe(sandbox(), {
    parent: "sh -c 'sleep 1000 & echo $! > /tmp/orphan'; grep PPid /proc/$(cat /tmp/orphan)/status",
  });
  expect(parent).toBe('PPid:\t1');
});
