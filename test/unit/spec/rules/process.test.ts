import { describeRule } from '../rule-cases.ts';

describeRule('process', {
  refused: [
    [
      'a program without a name',
      { '/process/args': ['', 'x'] },
      '/process/args/0: expected the name of a program, got ""',
    ],
    [
      'an entry of env without an equals sign',
      { '/process/env': ['A=1', 'PATH'] },
      '/process/env/1: expected NAME=value, got "PATH"',
    ],
    [
      'an entry of env without a name',
      { '/process/env': ['=1'] },
      '/process/env/0: expected NAME=value, got "=1"',
    ],
    [
      'an entry of the env of a hook without an equals sign',
      { '/hooks/poststop': [{ path: '/x', env: ['A'] }] },
      '/hooks/poststop/0/env/0: expected NAME=value, got "A"',
    ],
    [
      'an OOM score that is too low',
      { '/process/oomScoreAdj': -1001 },
      '/process/oomScoreAdj: expected an integer from -1000 to 1000, got -1001',
    ],
    [
      'an OOM score that is too high',
      { '/process/oomScoreAdj': 1001 },
      '/process/oomScoreAdj: expected an integer from -1000 to 1000, got 1001',
    ],
    [
      'a terminal with more columns than the kernel counts',
      { '/process/terminal': true, '/process/consoleSize': { height: 24, width: 65536 } },
      '/process/consoleSize/width: expected an integer from 0 to 65535, got 65536',
    ],
    [
      'an I/O priority beyond the lowest',
      { '/process/ioPriority': { class: 'IOPRIO_CLASS_BE', priority: 8 } },
      '/process/ioPriority/priority: expected an integer from 0 to 7, got 8',
    ],
    [
      'an I/O priority beyond the highest',
      { '/process/ioPriority': { class: 'IOPRIO_CLASS_BE', priority: -1 } },
      '/process/ioPriority/priority: expected an integer from 0 to 7, got -1',
    ],
    [
      'a flag of the personality',
      { '/linux/personality': { domain: 'LINUX32', flags: ['X'] } },
      '/linux/personality/flags/0: expected no flag (none is defined), got "X"',
    ],
  ],
  accepted: [
    ['a configuration without a process, which can be created', { '/process': undefined }],
    ['an empty argument after the first', { '/process/args': ['sh', ''] }],
    ['an empty value in env', { '/process/env': ['A='] }],
    ['an equals sign in a value of env', { '/process/env': ['A=b=c'] }],
    ['the lowest OOM score', { '/process/oomScoreAdj': -1000 }],
    ['the highest OOM score', { '/process/oomScoreAdj': 1000 }],
    ['any console size without a terminal', { '/process/consoleSize': { height: 1, width: 1e9 } }],
    [
      'the lowest I/O priority',
      { '/process/ioPriority': { class: 'IOPRIO_CLASS_RT', priority: 7 } },
    ],
    [
      'a capability that nobody knows, for the log',
      { '/process/capabilities/bounding': ['CAP_X'] },
    ],
    ['a 32-bit personality', { '/linux/personality': { domain: 'LINUX32', flags: [] } }],
  ],
});
