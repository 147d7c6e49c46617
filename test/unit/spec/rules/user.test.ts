import { describeRule } from '../rule-cases.ts';
import { USER_NAMESPACE } from '../support.ts';

const NOBODY = 4294967295;
const illegal = (pointer: string, kind: string): string =>
  `${pointer}: expected a ${kind} id from 0 to 4294967294, got 4294967295`;

describeRule('user', {
  refused: [
    [
      'the user id that means none',
      { '/process/user/uid': NOBODY },
      illegal('/process/user/uid', 'user'),
    ],
    [
      'the group id that means none',
      { '/process/user/gid': NOBODY },
      illegal('/process/user/gid', 'group'),
    ],
    [
      'an additional group that means none',
      { '/process/user/additionalGids': [5, NOBODY] },
      illegal('/process/user/additionalGids/1', 'group'),
    ],
    [
      'a device that belongs to no user',
      { '/linux/devices': [{ type: 'p', path: '/a', uid: NOBODY }] },
      illegal('/linux/devices/0/uid', 'user'),
    ],
    [
      'a umask with more than permission bits',
      { '/process/user/umask': 0o1000 },
      '/process/user/umask: expected an integer from 0 to 511 (octal 777), got 512',
    ],
    [
      'a user that the mappings leave out',
      { ...USER_NAMESPACE, '/process/user': { uid: 1000, gid: 0 } },
      '/process/user/uid: expected a user id that /linux/uidMappings maps, got 1000',
    ],
    [
      'an additional group that the mappings leave out',
      { ...USER_NAMESPACE, '/process/user/additionalGids': [999, 1000] },
      '/process/user/additionalGids/1: expected a group id that /linux/gidMappings maps, got 1000',
    ],
    [
      'an absent user where 0 is not mapped',
      {
        ...USER_NAMESPACE,
        '/linux/uidMappings': [{ containerID: 1, hostID: 100_000, size: 1 }],
      },
      '/process: expected a user id that /linux/uidMappings maps, got 0',
    ],
  ],
  accepted: [
    ['the highest id', { '/process/user/uid': NOBODY - 1 }],
    ['the full umask', { '/process/user/umask': 0o777 }],
    ['the last id that is mapped', { ...USER_NAMESPACE, '/process/user': { uid: 999, gid: 999 } }],
    [
      'any id in a user namespace that is joined',
      {
        '/linux/namespaces/-': { type: 'user', path: '/proc/7/ns/user' },
        '/process/user/uid': 1000,
      },
    ],
  ],
});
