import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Section } from '../lib/config.ts';
import { observe } from '../lib/observe.ts';
import { type Running, startPiped } from '../lib/runtime.ts';
import { useSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const sandbox = useSandbox();
const ENOENT = 2;
const AGENT = fileURLToPath(new URL('../lib/programs/receive-seccomp.py', import.meta.url));

const seccomp = (...syscalls: Section[]): Section => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls,
});

must('seccomp.rules', async () => {
  const exact = (op: string, value: number, more: Section = {}): Section => ({
    names: ['kill'],
    action: 'SCMP_ACT_ERRNO',
    errnoRet: 77,
    args: [{ index: 1, op, value, ...more }],
  });
  // kill(2) of the shell itself with signals that do nothing: 23 is URG, 28 is WINCH, 17 is CHLD, 18 is CONT.
  const tries = {
    urg: 'kill -23 $$ && echo ok',
    winch: 'kill -28 $$ && echo ok',
    chld: 'kill -17 $$ && echo ok',
  };
  const cases: [Section, string[]][] = [
    [exact('SCMP_CMP_EQ', 23), ['urg']],
    [exact('SCMP_CMP_NE', 23), ['winch', 'chld']],
    [exact('SCMP_CMP_LT', 23), ['chld']],
    [exact('SCMP_CMP_LE', 23), ['urg', 'chld']],
    [exact('SCMP_CMP_GT', 23), ['winch']],
    [exact('SCMP_CMP_GE', 23), ['urg', 'winch']],
    // 23 = 10111, 28 = 11100, 17 = 10001: the bit of 4 is set in the first two.
    [exact('SCMP_CMP_MASKED_EQ', 4, { valueTwo: 4 }), ['urg', 'winch']],
  ];
  for (const [rule, refused] of cases) {
    const seen = await observe(sandbox(), tries, { linux: { seccomp: seccomp(rule) } });
    const wrong = Object.entries(seen).filter(([, text]) => text !== 'ok');
    expect(
      wrong.map(([name]) => name),
      JSON.stringify(rule),
    ).toEqual(refused);
  }

  const { status } = await sandbox()
    .container({
      args: ['sh', '-c', 'mkdir /data/new; echo survived'],
      linux: { seccomp: seccomp({ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_KILL_PROCESS' }) },
    })
    .run();
  expect(status).toBe(0);
  const { made, mode, filters } = await observe(
    sandbox(),
    {
      made: 'mkdir /data/new',
      mode: 'grep Seccomp: /proc/self/status',
      filters: 'mkdir /data/again || echo refused',
    },
    {
      linux: {
        seccomp: seccomp({
          names: ['mkdir', 'mkdirat', 'no_such_call'],
          action: 'SCMP_ACT_ERRNO',
          errnoRet: ENOENT,
        }),
      },
    },
  );
  expect(made).toMatch(/No such file or directory/);
  expect(mode).toBe('Seccomp:\t2');
  expect(filters).toMatch(/refused$/);
});

must(['seccomp.errno', 'seccomp.default-errno', 'seccomp.names', 'seccomp.metadata'], async () => {
  const wrong: Section[] = [
    seccomp({ names: ['mkdir'], action: 'SCMP_ACT_KILL', errnoRet: 1 }),
    { defaultAction: 'SCMP_ACT_ALLOW', defaultErrnoRet: 1 },
    seccomp({ names: [], action: 'SCMP_ACT_ERRNO' }),
    { ...seccomp(), listenerMetadata: 'x' },
  ];
  for (const profile of wrong) {
    const container = sandbox().container({ linux: { seccomp: profile } });
    expect((await container.tryCreate()).status, JSON.stringify(profile)).not.toBe(0);
  }
  expect(sandbox().leftovers()).toEqual([]);
});

const notify = (listenerPath: string): Section => ({
  ...seccomp({ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_NOTIFY' }),
  listenerPath,
  listenerMetadata: 'about this one',
});

async function startAgent(socket: string): Promise<Running> {
  const agent = startPiped([AGENT, socket], {}, '/usr/bin/python3');
  await agent.stdout.until(/listening\n/);
  return agent;
}

must(
  ['seccomp.one-state', 'seccomp.listener-type', 'seccomp.state', 'seccomp.state-fields'],
  async () => {
    const socket = join(sandbox().folder, 'agent.sock');
    const agent = await startAgent(socket);
    const container = sandbox().container({
      args: ['sh', '-c', 'mkdir /data/new; exec sleep 1000'],
      annotations: { 'org.example.note': 'kept' },
      linux: { seccomp: notify(socket) },
    });
    await container.create();
    await container.start();
    const { pid } = await container.state();
    // The agent prints the line when the connection has been closed by the other side.
    const [, line = ''] = await agent.stdout.until(/listening\n(.*)\n/);
    const { payload, descriptors, first } = JSON.parse(line) as Record<string, string>;
    expect({ descriptors, first }).toEqual({
      descriptors: [expect.stringContaining('seccomp notify')],
      first: true,
    });
    const sent = JSON.parse(payload ?? '') as Record<string, unknown>;
    expect(sent).toMatchObject({
      ociVersion: expect.stringMatching(/^1\./),
      fds: ['seccompFd'],
      pid,
      metadata: 'about this one',
      state: {
        id: container.id,
        status: expect.stringMatching(/^creat(ed|ing)$/),
        pid,
        bundle: container.bundle,
        annotations: { 'org.example.note': 'kept' },
      },
    });
    await container.delete('--force');
    agent.stdin.end();
    await agent.status;
    expect((await agent.stdout.end).trim().split('\n')).toHaveLength(2);
  },
);

must('seccomp.listener-error', async () => {
  const container = sandbox().container({ linux: { seccomp: notify('/no-such/agent.sock') } });
  // Sent when the filter is loaded, which a runtime may do at create or at start.
  const create = await container.tryCreate();
  const { status } = create.status === 0 ? await container.tryStart() : create;
  expect(status).not.toBe(0);
  await container.tryDelete('--force');
  expect(sandbox().leftovers()).toEqual([]);
});
