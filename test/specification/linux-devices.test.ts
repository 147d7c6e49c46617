import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { observe } from '../lib/observe.ts';
import { useSandbox, useSharedSandbox } from '../lib/sandbox.ts';
import { startTerminalReceiver } from '../lib/terminal.ts';
import { must } from './must.ts';

const DEFAULTS = {
  null: '1 3',
  zero: '1 5',
  full: '1 7',
  random: '1 8',
  urandom: '1 9',
  tty: '5 0',
} as const;

/** Kind, numbers in decimal, permissions and owners, as one line. */
const describeFile = (path: string): string =>
  `echo "$(stat -c '%F %a %u %g' ${path}) $(stat -c '%t %T' ${path} | { read a b; echo $((0x$a)) $((0x$b)); })"`;

describe('devices', () => {
  const sandbox = useSharedSandbox();
  let seen: Record<'defaults' | 'listed' | 'ptmx', string>;

  beforeAll(async () => {
    const listed = [
      '/dev/character',
      '/dev/block',
      '/data/fifo',
      '/dev/unbuffered',
      '/dev/deep/er',
    ];
    seen = await observe(
      sandbox(),
      {
        defaults: Object.keys(DEFAULTS)
          .map((name) => describeFile(`/dev/${name}`))
          .join('; '),
        listed: listed.map(describeFile).join('; '),
        ptmx: 'readlink -f /dev/ptmx; stat -c %a /dev/pts/ptmx; ls -l /dev/pts',
      },
      {
        linux: {
          devices: [
            {
              path: '/dev/character',
              type: 'c',
              major: 10,
              minor: 666,
              fileMode: 0o640,
              uid: 7,
              gid: 8,
            },
            { path: '/dev/block', type: 'b', major: 8, minor: 300, fileMode: 0o606 },
            { path: '/data/fifo', type: 'p', fileMode: 0o622 },
            { path: '/dev/unbuffered', type: 'u', major: 1, minor: 3 },
            { path: '/dev/deep/er', type: 'c', major: 1, minor: 5 },
          ],
        },
      },
    );
  });

  must('devices.default', () => {
    expect(seen.defaults.split('\n')).toEqual(
      Object.values(DEFAULTS).map((numbers) => `character special file 666 0 0 ${numbers}`),
    );
  });

  must('devices.available', () => {
    const [character, block, fifo, unbuffered, deep] = seen.listed.split('\n');
    expect(character).toBe('character special file 640 7 8 10 666');
    expect(block).toBe('block special file 606 0 0 8 300');
    expect(fifo).toMatch(/^fifo 622 0 0 /);
    expect(unbuffered).toMatch(/^character special file \d+ 0 0 1 3$/);
    expect(deep).toMatch(/^character special file \d+ 0 0 1 5$/);
  });

  must('devices.ptmx', () => {
    const [target, mode, ...files] = seen.ptmx.split('\n');
    expect([target, mode]).toEqual(['/dev/pts/ptmx', '666']);
    // Of a new instance: no terminal of the host is in it.
    expect(files.filter((line) => /^c/.test(line))).toHaveLength(1);
  });
});

describe('a device', () => {
  const sandbox = useSandbox();

  must('devices.mismatch', async () => {
    const container = sandbox().container({
      linux: { devices: [{ path: '/data/device', type: 'c', major: 1, minor: 3 }] },
    });
    writeFileSync(join(container.rootfs, 'data/device'), 'text');
    expect((await container.tryCreate()).status).not.toBe(0);
    expect(container.read('data/device')).toBe('text');
    expect(sandbox().leftovers()).toEqual([]);
  });

  must('devices.console', async () => {
    const receiver = await startTerminalReceiver(join(sandbox().folder, 'console.sock'));
    const container = sandbox().container({
      args: [
        'sh',
        '-c',
        'tty; stat -c %F /dev/console; test /dev/console -ef $(tty) && echo same; stty size',
      ],
      process: { terminal: true, consoleSize: { height: 33, width: 77 } },
    });
    await container.create(['--console-socket', receiver.socket]);
    await container.start();
    await container.ended();
    const lines = (await receiver.output).replaceAll('\r', '').trim().split('\n');
    expect(lines).toEqual(['/dev/pts/0', 'character special file', 'same', '33 77']);
  });
});
