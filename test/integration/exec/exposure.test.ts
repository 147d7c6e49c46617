import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processesBelow } from '../../lib/cgroups.ts';
import { readProc, statusField, waitForEnd } from '../../lib/processes.ts';
import { startPiped } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { shell, started } from './support.ts';

const sandbox = useSandbox();

/** Listens, and has its queue full, so that the next one to connect waits; says so; lets go of it when stdin ends. */
const FULL = `
import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(0)
first = socket.socket(socket.AF_UNIX)
first.connect(sys.argv[1])
print("full", flush=True)
sys.stdin.read()
`;

const isHelper = (pid: number): boolean => readProc(pid, 'comm') === 'runts:[2:INIT]\n';

test('until it executes, a process of exec holds nothing of the host, and nobody in the container can look into it', async () => {
  const container = await started(sandbox(), { process: { user: { uid: 0, gid: 0 } } });
  const socket = join(sandbox().folder, 'full.sock');
  const listener = startPiped(['-c', FULL, socket], {}, '/usr/bin/python3');
  await listener.stdout.until(/full\n/);
  // The runtime waits to hand the terminal over, and the process at its barrier for the runtime.
  const waiting = sandbox().start([
    ...['exec', '--detach', '--tty', '--console-socket', socket],
    ...[container.id, 'sleep', '1000'],
  ]);
  try {
    const inside = await shell(
      container,
      // In /proc of the container: the process, as soon as it is there.
      'until grep -l "runts:.2:INIT" /proc/[0-9]*/comm 2>/dev/null; do usleep 1000; done',
    );
    const [found = ''] = inside.split('\n');
    const folder = found.replace('/comm', '');
    const looks = ['fd/0', 'fd/3', 'fd/4', 'root', 'cwd', 'exe', 'environ', 'mem', 'ns/mnt'];
    const script = looks
      .map((name) => `(readlink ${folder}/${name} || head -c 1 ${folder}/${name}) >/dev/null 2>&1`)
      .map((look) => `${look} && echo seen || echo denied`)
      .join('; ');
    expect((await shell(container, script)).split('\n')).toEqual(looks.map(() => 'denied'));

    const pid = processesBelow(sandbox().cgroup).find(isHelper) ?? 0;
    expect(pid).toBeGreaterThan(0);
    // It has its name before it is done, and from then on sleeps nowhere but at the barrier.
    while (!statusField(pid, 'State').startsWith('S')) await new Promise(setImmediate);
    const held = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    for (const link of held) {
      expect(link).toMatch(
        /^(\/dev\/pts\/\d+|\/dev\/null|\/|socket:.*|anon_inode:\[pidfd\]|pipe:.*)$/,
      );
    }
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(readlinkSync(`/proc/${pid}/root`));

    // Without its runtime the process ends.
    waiting.signal('SIGKILL');
    await waiting.status;
    await waitForEnd(pid);
  } finally {
    waiting.signal('SIGKILL');
    listener.stdin.end();
    await Promise.all([waiting.status, listener.status]);
  }
});
