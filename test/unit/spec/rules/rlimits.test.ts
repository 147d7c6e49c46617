import { describeRule } from '../rule-cases.ts';

const limit = (type: string, soft = 1, hard = 2) => ({ type, soft, hard });

describeRule('rlimits', {
  refused: [
    [
      'a limit that Linux lacks',
      { '/process/rlimits': [limit('RLIMIT_FOO')] },
      '/process/rlimits/0/type: expected the name of a resource limit of Linux, got "RLIMIT_FOO"',
    ],
    [
      'a limit twice',
      { '/process/rlimits': [limit('RLIMIT_CORE'), limit('RLIMIT_CPU'), limit('RLIMIT_CORE')] },
      '/process/rlimits/2/type: expected each limit once, got "RLIMIT_CORE" twice',
    ],
    [
      'a soft limit above the hard one',
      { '/process/rlimits': [limit('RLIMIT_CORE', 3, 2)] },
      '/process/rlimits/0/soft: expected at most the hard limit of 2, got 3',
    ],
  ],
  accepted: [
    ['a soft limit that is the hard one', { '/process/rlimits': [limit('RLIMIT_RTTIME', 2, 2)] }],
    [
      'every limit of Linux',
      {
        '/process/rlimits':
          'AS CORE CPU DATA FSIZE LOCKS MEMLOCK MSGQUEUE NICE NOFILE NPROC RSS RTPRIO RTTIME SIGPENDING STACK'
            .split(' ')
            .map((name) => limit(`RLIMIT_${name}`)),
      },
    ],
  ],
});
