import { describeRule } from '../rule-cases.ts';
import type { Changes } from '../support.ts';

const devices = (...list: object[]): Changes => ({ '/linux/devices': list });
const FUSE = { type: 'c', path: '/dev/fuse', major: 10, minor: 229 };

describeRule('devices', {
  refused: [
    ...['b', 'c', 'u'].map(
      (type) =>
        [
          `type ${type} without a number`,
          devices({ type, path: '/dev/a', major: 1 }),
          `/linux/devices/0: expected a property "minor" for type ${type}`,
        ] as const,
    ),
    [
      'a negative number',
      devices({ ...FUSE, minor: -1 }),
      '/linux/devices/0/minor: expected an integer from 0 to 1048575, got -1',
    ],
    [
      'a major number of more than 12 bits',
      devices({ ...FUSE, major: 4096 }),
      '/linux/devices/0/major: expected an integer from 0 to 4095, got 4096',
    ],
    [
      'a mode with the type of another file',
      devices({ ...FUSE, fileMode: 0o060666 }),
      '/linux/devices/0/fileMode: expected permission bits from 0 to 4095 (octal 7777), got 25014',
    ],
    [
      'a mode with bits that only Go knows',
      devices({ ...FUSE, fileMode: 0x4200000 + 0o666 }),
      '/linux/devices/0/fileMode: expected permission bits from 0 to 4095 (octal 7777), got 69206454',
    ],
    [
      'two different devices at one path',
      devices(FUSE, { ...FUSE, minor: 1 }),
      '/linux/devices/1/path: expected one device for each path, got another one for "/dev/fuse"',
    ],
    [
      'two different devices at one path in two ways of writing',
      devices(FUSE, { ...FUSE, path: '/dev/./fuse', minor: 1 }),
      '/linux/devices/1/path: expected one device for each path, got another one for "/dev/./fuse"',
    ],
  ],
  accepted: [
    ['a FIFO without numbers', devices({ type: 'p', path: '/dev/p' })],
    ['the largest numbers', devices({ ...FUSE, major: 4095, minor: 1_048_575 })],
    ['the whole mode, as Podman writes it', devices({ ...FUSE, fileMode: 0o020666 })],
    ['the sticky bit', devices({ ...FUSE, fileMode: 0o1777 })],
    ['the same device twice, as users of Docker ask for it', devices(FUSE, FUSE)],
  ],
});
