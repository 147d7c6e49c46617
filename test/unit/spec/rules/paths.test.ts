import { HOOK_KINDS } from '../../../../src/spec/hooks.ts';
import { describeRule } from '../rule-cases.ts';

const wrong = (pointer: string, got = '"tmp"'): string =>
  `${pointer}: expected an absolute path, got ${got}`;

describeRule('paths', {
  refused: [
    ['a relative working directory', { '/process/cwd': 'tmp' }, wrong('/process/cwd')],
    ['an empty working directory', { '/process/cwd': '' }, wrong('/process/cwd', '""')],
    ...HOOK_KINDS.map(
      (kind) =>
        [
          `a relative ${kind} hook`,
          { [`/hooks/${kind}`]: [{ path: '/ok' }, { path: 'tmp' }] },
          wrong(`/hooks/${kind}/1/path`),
        ] as const,
    ),
    [
      'a relative path of a namespace',
      { '/linux/namespaces/0/path': 'tmp' },
      wrong('/linux/namespaces/0/path'),
    ],
    [
      'a relative path of a device',
      { '/linux/devices': [{ type: 'p', path: 'tmp' }] },
      wrong('/linux/devices/0/path'),
    ],
    [
      'a relative masked path',
      { '/linux/maskedPaths': ['/a', 'tmp'] },
      wrong('/linux/maskedPaths/1'),
    ],
    [
      'a relative read-only path',
      { '/linux/readonlyPaths': ['tmp'] },
      wrong('/linux/readonlyPaths/0'),
    ],
    ['an empty root', { '/root/path': '' }, '/root/path: expected a path, got ""'],
    [
      'a cgroup above its parent',
      { '/linux/cgroupsPath': '/a/../../b' },
      '/linux/cgroupsPath: expected a path without "..", got "/a/../../b"',
    ],
  ],
  accepted: [
    ['a root relative to the bundle', { '/root/path': '../rootfs' }],
    ['a relative cgroup', { '/linux/cgroupsPath': 'a/b..c' }],
    ['a cgroup of systemd', { '/linux/cgroupsPath': 'system.slice:runts:web' }],
    ['an empty path of a namespace, which is a new one', { '/linux/namespaces/0/path': '' }],
  ],
});
