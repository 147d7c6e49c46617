import { describeRule } from '../rule-cases.ts';

describeRule('text', {
  refused: [
    [
      'a NUL in an argument',
      { '/process/args': ['sh', 'a\0b'] },
      '/process/args/1: expected a string without NUL, got "a\\u0000b"',
    ],
    [
      'a NUL in a path',
      { '/mounts': [{ destination: '/a\0', type: 'tmpfs' }] },
      '/mounts/0/destination: expected a string without NUL, got "/a\\u0000"',
    ],
    [
      'a NUL in the name of a sysctl',
      { '/linux/sysctl': { 'net.a\0': '1' } },
      '/linux/sysctl/net.a\0: expected a name without NUL',
    ],
    [
      'an annotation without a name',
      { '/annotations': { '': 'x' } },
      '/annotations/: expected a name, got an empty one',
    ],
  ],
  accepted: [
    ['a NUL in an annotation, which nobody hands to the kernel', { '/annotations': { a: '\0' } }],
    ['text that only looks like an escaped NUL', { '/process/args': ['sh', '\\u0000'] }],
  ],
});
