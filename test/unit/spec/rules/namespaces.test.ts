import { describeRule } from '../rule-cases.ts';

const WITHOUT_UTS = { '/linux/namespaces': [{ type: 'pid' }] };
const TIME = { '/linux/namespaces/-': { type: 'time' } };

describeRule('namespaces', {
  refused: [
    [
      'a kind twice',
      { '/linux/namespaces/-': { type: 'pid' } },
      '/linux/namespaces/5/type: expected each kind of namespace once, got "pid" twice',
    ],
    [
      'a kind twice, new and joined',
      { '/linux/namespaces/-': { type: 'ipc', path: '/proc/7/ns/ipc' } },
      '/linux/namespaces/5/type: expected each kind of namespace once, got "ipc" twice',
    ],
    [
      "a hostname that would be the host's",
      { ...WITHOUT_UTS, '/hostname': 'web' },
      '/hostname: expected a namespace of type "uts" in /linux/namespaces, got nothing',
    ],
    [
      "a domainname that would be the host's",
      { ...WITHOUT_UTS, '/domainname': 'web' },
      '/domainname: expected a namespace of type "uts" in /linux/namespaces, got nothing',
    ],
    [
      'a hostname that the kernel would not keep',
      { '/hostname': 'é'.repeat(33) },
      `/hostname: expected at most 64 bytes, got "${'é'.repeat(33)}"`,
    ],
    [
      'offsets without a time namespace',
      { '/linux/timeOffsets': { boottime: { secs: 1 } } },
      '/linux/timeOffsets: expected a new namespace of type "time", got none',
    ],
    [
      'offsets for a time namespace that is joined',
      {
        '/linux/namespaces/-': { type: 'time', path: '/proc/7/ns/time' },
        '/linux/timeOffsets': { boottime: { secs: 1 } },
      },
      '/linux/timeOffsets: expected a new namespace of type "time", got one that is joined',
    ],
    [
      'nanoseconds that are a second',
      { ...TIME, '/linux/timeOffsets': { monotonic: { nanosecs: 1_000_000_000 } } },
      '/linux/timeOffsets/monotonic/nanosecs: expected an integer from 0 to 999999999, got 1000000000',
    ],
  ],
  accepted: [
    ['no Linux section at all', { '/linux': undefined }],
    ['a hostname as long as the kernel keeps', { '/hostname': 'x'.repeat(64) }],
    ['an empty hostname, which is none', { ...WITHOUT_UTS, '/hostname': '' }],
    [
      'a hostname in a uts namespace that is joined',
      { '/linux/namespaces/3/path': '/proc/7/ns/uts', '/hostname': 'web' },
    ],
    [
      'offsets of a new time namespace',
      { ...TIME, '/linux/timeOffsets': { boottime: { secs: -9 } } },
    ],
    ['empty offsets without a time namespace', { '/linux/timeOffsets': {} }],
  ],
});
