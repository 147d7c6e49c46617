import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Container } from '../../lib/container.ts';
import { RUNTIME, runToEnd } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

const ask = {
  args: ['sh', '-c', 'echo "$LISTEN_FDS $LISTEN_PID"; cat <&3; cat <&4'],
};

/** Opens files with these texts for the call. */
async function withFiles<T>(texts: readonly string[], call: (open: number[]) => Promise<T>) {
  const open = texts.map((text, index) => {
    const path = join(sandbox().folder, `passed-${index}`);
    writeFileSync(path, text);
    return openSync(path, 'r');
  });
  try {
    return await call(open);
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
}

/** Runs it as a service manager does, which knows the pid of what it executes. */
const runActivated = (container: Container, count: string, flags: string, open: number[]) =>
  runToEnd(
    ['-c', `LISTEN_FDS=${count} LISTEN_PID=$$ exec "$0" "$@"`, RUNTIME].concat(
      ['--root', sandbox().root, 'run', '--bundle', container.bundle],
      flags.split(' ').filter(Boolean),
      container.id,
    ),
    join(sandbox().folder, 'io'),
    { descriptors: open },
    'sh',
  );

test('the sockets of LISTEN_FDS reach the program, which is told of them', async () => {
  const { status, stdout, stderr } = await withFiles(['a\n', 'b\n'], (open) =>
    runActivated(sandbox().container(ask), '2', '', open),
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stderr: '', stdout: '2 1\na\nb\n' });
});

test('--preserve-fds counts from behind the sockets', async () => {
  const { status, stdout, stderr } = await withFiles(['a\n', 'b\n'], (open) =>
    runActivated(sandbox().container(ask), '1', '--preserve-fds 1', open),
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stderr: '', stdout: '1 1\na\nb\n' });
});

test('sockets that were meant for another process are not passed on', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', 'env | grep LISTEN; ls /proc/self/fd'],
  });
  const { stdout } = await withFiles(['a'], (open) =>
    container.run([], { env: { LISTEN_FDS: '1', LISTEN_PID: '1' }, descriptors: open }),
  );
  // 3 is the folder that ls reads.
  expect(stdout.split('\n').filter(Boolean)).toEqual(['0', '1', '2', '3']);
});

test('--preserve-fds of a descriptor that is not open is refused before anything is made', async () => {
  const { status, stderr } = await sandbox().container().run(['--preserve-fds', '40']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/preserve descriptors: descriptor \d+ is not open/);
});
