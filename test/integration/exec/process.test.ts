import { readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CAPABILITIES, type Changes } from '../../lib/config.ts';
import type { Container } from '../../lib/container.ts';
import { readProc, statusField } from '../../lib/processes.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { exec, shell, started } from './support.ts';

const sandbox = useSandbox();

const NAMESPACES = ['mnt', 'pid', 'net', 'uts', 'ipc', 'user', 'cgroup', 'time'];
const STATUS = ['Uid', 'Gid', 'Groups', 'NoNewPrivs', 'Seccomp', 'Seccomp_filters'].concat([
  'CapInh',
  'CapPrm',
  'CapEff',
  'CapBnd',
  'CapAmb',
  'SigBlk',
  'SigIgn',
]);
const DENY_MKDIR = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO' }],
};
const MAPPING = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

/** What /proc/self/status says in a process of exec, by name. */
async function statusInside(container: Container, ...flags: string[]) {
  const text = await exec(container, ['cat', '/proc/self/status'], ...flags);
  return Object.fromEntries(
    text.split('\n').map((line) => {
      const [name = '', value = ''] = line.split(':');
      return [name, value.trim()];
    }),
  );
}

async function expectNamespacesOfInit(container: Container): Promise<void> {
  const { pid } = await container.state();
  const script = `for name in ${NAMESPACES.join(' ')}; do readlink /proc/self/ns/$name; done`;
  const inside = (await shell(container, script)).split('\n');
  expect(inside).toEqual(NAMESPACES.map((name) => readlinkSync(`/proc/${pid}/ns/${name}`)));
}

async function expectStatusOfInit(container: Container): Promise<void> {
  const { pid } = await container.state();
  const inside = await statusInside(container);
  for (const name of STATUS) {
    if (name === 'Uid' || name === 'Gid' || name === 'Groups') continue;
    expect(inside[name], name).toBe(statusField(pid, name));
  }
}

const KINDS: Readonly<Record<string, Changes>> = {
  'the usual namespaces': {},
  'cgroup and time namespaces': { namespaces: [{ type: 'cgroup' }, { type: 'time' }] },
  'a user namespace': {
    namespaces: [{ type: 'user' }, { type: 'cgroup' }],
    linux: { uidMappings: MAPPING, gidMappings: MAPPING },
  },
  'no pid namespace': { without: ['pid'] },
  'no mount namespace': { without: ['mount'] },
  'no network and no ipc namespace': { without: ['network', 'ipc'] },
};

describe.each(Object.entries(KINDS))('in a container with %s', (_, changes) => {
  test('the process is in the namespaces, the cgroups and the root of init', async () => {
    const container = await started(sandbox(), changes);
    await expectNamespacesOfInit(container);
    await expectStatusOfInit(container);
    const file = join(sandbox().folder, 'pid');
    const running = sandbox().start([
      ...['exec', '--pid-file', file, container.id],
      ...['sh', '-c', 'echo up; read line'],
    ]);
    await running.stdout.until(/up/);
    const init = (await container.state()).pid;
    const pid = Number(readFileSync(file, 'utf8'));
    // Seen from the host, where a cgroup namespace does not hide the path.
    expect(readProc(pid, 'cgroup')).toBe(readProc(init, 'cgroup'));
    expect(readProc(pid, 'mountinfo')).toBe(readProc(init, 'mountinfo'));
    expect(statSync(`/proc/${pid}/root/`).ino).toBe(statSync(`/proc/${init}/root/`).ino);
    expect(readlinkSync(`/proc/${pid}/root`)).toBe(readlinkSync(`/proc/${init}/root`));
    running.stdin.end('\n');
    expect(await running.status).toBe(0);
  });
});

test('without options the program runs as the user of config.json, with its limits and its filter', async () => {
  const container = await started(sandbox(), {
    process: {
      user: { uid: 1000, gid: 1001, additionalGids: [5, 6], umask: 0o27 },
      noNewPrivileges: true,
      oomScoreAdj: 321,
      cwd: '/data',
      env: ['PATH=/bin', 'A=configured'],
      rlimits: [{ type: 'RLIMIT_NOFILE', soft: 77, hard: 88 }],
      ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 6 },
    },
    linux: { seccomp: DENY_MKDIR },
  });
  await expectStatusOfInit(container);
  expect(await statusInside(container)).toMatchObject({
    Uid: '1000\t1000\t1000\t1000',
    Gid: '1001\t1001\t1001\t1001',
    Groups: '5 6',
    NoNewPrivs: '1',
    Seccomp: '2',
    Umask: '0027',
  });
  const facts = await shell(
    container,
    'pwd; echo $A; cat /proc/self/oom_score_adj; ulimit -n; ulimit -Hn; ionice; mkdir /tmp/new 2>&1; :',
  );
  expect(facts.split('\n')).toEqual([
    ...['/data', 'configured', '321', '77', '88', 'best-effort: prio 6'],
    "mkdir: can't create directory '/tmp/new': Operation not permitted",
  ]);
});

test('options say otherwise: user, groups, directory, environment, no_new_privs, capabilities', async () => {
  const container = await started(sandbox(), {
    process: { user: { uid: 1000, gid: 1001, additionalGids: [5] }, noNewPrivileges: true },
  });
  const status = await statusInside(
    container,
    ...['--user', '0:7', '-g', '8', '--additional-gids', '9'],
    ...['--no-new-privs=false', '--cap', 'CAP_CHOWN', '-c', 'CAP_FOWNER'],
  );
  expect(status).toMatchObject({
    Uid: '0\t0\t0\t0',
    Gid: '7\t7\t7\t7',
    Groups: '5 8 9',
    NoNewPrivs: '0',
    // Those of config.json, CAP_CHOWN and CAP_FOWNER.
    CapEff: '0000000020000429',
    CapPrm: '0000000020000429',
    CapBnd: '0000000020000429',
    CapInh: '0000000000000000',
    CapAmb: '0000000000000000',
  });
  expect(CAPABILITIES).toHaveLength(3);
  expect(
    await shell(container, 'pwd; echo $A $B $PATH', '--cwd', '/tmp', '-e', 'A=1', '--env', 'B=2=3'),
  ).toBe('/tmp\n1 2=3 /bin');
  expect(await shell(container, 'id -u; id -g', '-u', '5')).toBe('5\n1001');
});

test('a variable that is given again has the last value, and HOME is that of the user', async () => {
  const container = await started(sandbox(), { process: { env: ['PATH=/bin', 'A=configured'] } });
  await shell(
    container,
    'printf "u:x:5:5::/home/u:/bin/sh\\nroot:x:0:0::/root:/bin/sh\\n" > /etc/passwd',
  );
  expect(await shell(container, 'echo $A $HOME', '-e', 'A=1', '-e', 'A=2')).toBe('2 /root');
  expect(await shell(container, 'echo $HOME', '-u', '5')).toBe('/home/u');
  expect(await shell(container, 'echo $HOME', '-u', '6')).toBe('/');
  expect(await shell(container, 'echo $HOME', '-u', '5', '-e', 'HOME=/x')).toBe('/x');
});

test('a process file says everything about the process', async () => {
  const container = await started(sandbox(), { process: { user: { uid: 1000, gid: 1000 } } });
  const file = join(sandbox().folder, 'process.json');
  writeFileSync(
    file,
    JSON.stringify({
      args: ['/bin/sh', '-c', 'id -u; id -G; pwd; echo $A; grep CapBnd /proc/self/status'],
      cwd: '/tmp',
      env: ['A=file', 'PATH=/bin'],
      user: { uid: 3, gid: 4, additionalGids: [5] },
      capabilities: { bounding: ['CAP_KILL'] },
    }),
  );
  expect(await exec(container, [], '--process', file)).toBe(
    '3\n4 5\n/tmp\nfile\nCapBnd:\t0000000000000020',
  );
});

test('the process leads a session of its own, in the session keyring of the container', async () => {
  const container = await started(sandbox());
  const stat = await exec(container, ['cat', '/proc/self/stat']);
  const [pid, , , , , session] = stat.split(' ');
  expect(session).toBe(pid);
  const keys = await exec(container, ['cat', '/proc/keys']);
  const [key] = keys.split('\n').filter((line) => line.includes(`_ses.${container.id}`));
  expect(key).toBeDefined();
  const again = await exec(container, ['cat', '/proc/keys']);
  expect(again.match(new RegExp(`_ses\\.${container.id}:`, 'g'))).toHaveLength(1);
});

test('a created container takes a program, too, and can be started afterwards', async () => {
  const container = sandbox().container({ args: ['sleep', '100000'] });
  await container.create();
  expect(await shell(container, 'echo $$; cat /proc/1/comm')).toMatch(/^\d+\nrunts/);
  expect((await container.state()).status).toBe('created');
  await container.start();
  expect((await container.state()).status).toBe('running');
});

test.each([
  ['18446744073709551615', 'unlimited'],
  ['18446744073709549567', '18446744073709549567'],
  ['1.84467440737095e19', '18446744073709500000'],
])(
  'a limit of %s, which a number does not hold, is the same in a process of exec',
  async (written, limit) => {
    const rlimits = [{ type: 'RLIMIT_CORE', soft: 0, hard: 'most' }];
    const container = sandbox().container({ args: ['sleep', '100000'], process: { rlimits } });
    container.writeConfig(JSON.stringify(container.config).replace('"most"', written));
    await container.create();
    await container.start();
    const { pid } = await container.state();
    const line = new RegExp(`^Max core file size +0 +${limit} +bytes`, 'm');
    expect(readProc(pid, 'limits')).toMatch(line);
    expect(await exec(container, ['cat', '/proc/self/limits'])).toMatch(line);
  },
);
