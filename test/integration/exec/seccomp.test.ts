import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startPiped } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { started } from './support.ts';

const AGENT = fileURLToPath(new URL('../../lib/programs/receive-seccomp.py', import.meta.url));

const sandbox = useSandbox();

test('the agent of a profile that notifies gets the listener of a process of exec, with its pid', async () => {
  const socket = join(sandbox().folder, 'agent.sock');
  const agent = startPiped([AGENT, socket], {}, '/usr/bin/python3');
  await agent.stdout.until(/listening\n/);
  const seccomp = {
    defaultAction: 'SCMP_ACT_ALLOW',
    listenerPath: socket,
    listenerMetadata: 'of the test',
    syscalls: [{ names: ['acct'], action: 'SCMP_ACT_NOTIFY' }],
  };
  const container = await started(sandbox(), { linux: { seccomp } });
  const init = (await container.state()).pid;
  const file = join(sandbox().folder, 'pid');
  const running = sandbox().start([
    ...['exec', '--pid-file', file, container.id],
    ...['sh', '-c', 'echo up; read line'],
  ]);
  await running.stdout.until(/up/);
  const [, line = ''] = await agent.stdout.until(/listening\n.*\n(.*)\n/);
  const { payload, descriptors } = JSON.parse(line) as { payload: string; descriptors: string[] };
  expect(descriptors).toEqual([expect.stringContaining('seccomp notify')]);
  expect(JSON.parse(payload)).toMatchObject({
    fds: ['seccompFd'],
    pid: Number(readFileSync(file, 'utf8')),
    metadata: 'of the test',
    state: { id: container.id, pid: init },
  });
  running.stdin.end('\n');
  expect(await running.status).toBe(0);
  agent.stdin.end();
  await agent.status;
});
