import { describeRule } from '../rule-cases.ts';

describeRule('mounts', {
  refused: [
    [
      'an empty destination',
      { '/mounts': [{ destination: '', type: 'tmpfs' }] },
      '/mounts/0/destination: expected a path, got ""',
    ],
    [
      'a bind mount without a source',
      { '/mounts': [{ destination: '/a', options: ['ro', 'rbind'] }] },
      '/mounts/0: expected a source for a bind mount, got nothing',
    ],
    [
      'a bind mount with an empty source',
      { '/mounts': [{ destination: '/a', type: 'bind', source: '' }] },
      '/mounts/0/source: expected a source for a bind mount, got ""',
    ],
  ],
  accepted: [
    ['a file system without a source', { '/mounts': [{ destination: '/a', type: 'tmpfs' }] }],
    ['a relative destination', { '/mounts': [{ destination: 'a', type: 'tmpfs' }] }],
    [
      'a relative source, which is relative to the bundle',
      { '/mounts': [{ destination: '/a', source: 'data', options: ['bind'] }] },
    ],
    [
      'two mounts on one destination',
      {
        '/mounts': [
          { destination: '/a', type: 'x' },
          { destination: '/a', type: 'y' },
        ],
      },
    ],
  ],
});
