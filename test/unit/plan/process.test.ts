import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../../../src/plan/process.ts';
import { outcome, specWithProcess } from './steps-of.ts';

describe('the environment of the process', () => {
  test('gives a name that comes twice its last value, as runc does', () => {
    expect(readEnvironment(['A=1', 'B=2', 'A=3']).entries).toEqual(['B=2', 'A=3']);
  });

  test('has the PATH that the program sees as search path, with its pointer', () => {
    expect(readEnvironment(['PATH=/a', 'X=y', 'PATH=/b:/c'])).toMatchObject({
      search: ['/b', '/c'],
      searchPointer: '/process/env/2',
    });
  });

  test('without PATH is searched where programs usually are', () => {
    expect(readEnvironment([])).toMatchObject({
      search: ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'],
      searchPointer: undefined,
    });
  });

  test('with an empty PATH finds nothing, and an empty part of one is the working directory', () => {
    expect(readEnvironment(['PATH=']).search).toEqual([]);
    expect(readEnvironment(['PATH=:/bin']).search).toEqual(['.', '/bin']);
  });

  test('without HOME, or with an empty one, gets it from /etc/passwd', () => {
    for (const env of [[], ['HOME='], ['HOMER=x']]) {
      const { of } = outcome(specWithProcess({ env, user: { uid: 7 } }));
      expect(of('homeDirectory')).toEqual([{ kind: 'homeDirectory', uid: 7 }]);
      expect(of('execute')[0]?.env).not.toContain('HOME=');
    }
    expect(outcome(specWithProcess({ env: ['HOME=/h'] })).kinds).not.toContain('homeDirectory');
  });
});

describe('the user of the process', () => {
  test('is root with umask 022 if nothing is said, by the specification', () => {
    const { of, origins } = outcome(specWithProcess({}));
    expect(of('setUser')).toEqual([
      { kind: 'setUser', uid: 0, gid: 0, groups: [], setGroups: true, umask: 0o022 },
    ]);
    expect(origins('setUser')).toEqual([{ from: 'specification', clause: 'config.md, User' }]);
  });

  test('gets the standard streams if it is not root', () => {
    expect(outcome(specWithProcess({ user: { uid: 7 } })).of('ownStdio')).toEqual([
      { kind: 'ownStdio', uid: 7 },
    ]);
    expect(outcome(specWithProcess({ user: { uid: 0 } })).kinds).not.toContain('ownStdio');
  });
});

describe('the working directory', () => {
  test('is made, entered and checked', () => {
    const { of } = outcome(specWithProcess({ cwd: '/a/b' }));
    expect(of('makeDirectory')).toEqual([{ kind: 'makeDirectory', target: '/a/b', mode: 0o755 }]);
    expect(of('changeDirectory')).toEqual([{ kind: 'changeDirectory', path: '/a/b' }]);
    expect(of('checkDirectory')).toEqual([{ kind: 'checkDirectory', path: '/a/b' }]);
  });

  test.each(['/', '//', '/.'])('is there already as %s', (cwd) => {
    expect(outcome(specWithProcess({ cwd })).kinds).not.toContain('makeDirectory');
  });
});

describe('limits of the process', () => {
  test('keep their 64 bits', () => {
    const unlimited = 18_446_744_073_709_551_615n;
    const rlimits = [{ type: 'RLIMIT_NOFILE', soft: 1024, hard: unlimited }];
    expect(outcome(specWithProcess({ rlimits })).of('rlimit')).toEqual([
      { kind: 'rlimit', resource: 7, soft: 1024n, hard: unlimited },
    ]);
  });

  test('have the numbers of getrlimit(2)', () => {
    const numbers = { CPU: 0, FSIZE: 1, DATA: 2, STACK: 3, CORE: 4, RSS: 5, NPROC: 6, NOFILE: 7 };
    const more = { MEMLOCK: 8, AS: 9, LOCKS: 10, SIGPENDING: 11, MSGQUEUE: 12, NICE: 13 };
    const all = Object.entries({ ...numbers, ...more, RTPRIO: 14, RTTIME: 15 });
    const rlimits = all.map(([name]) => ({ type: `RLIMIT_${name}`, soft: 0, hard: 0 }));
    const { of, origins } = outcome(specWithProcess({ rlimits }));
    expect(of('rlimit').map(({ resource }) => resource)).toEqual(all.map(([, number]) => number));
    expect(origins('rlimit')[15]).toEqual({ from: 'config', pointers: ['/process/rlimits/15'] });
  });

  test.each([
    ['IOPRIO_CLASS_RT', 3, 0x2003],
    ['IOPRIO_CLASS_BE', undefined, 0x4000],
    ['IOPRIO_CLASS_IDLE', 7, 0x6007],
  ] as const)('%s with priority %s is %i for ioprio_set(2)', (name, priority, value) => {
    const ioPriority = { class: name, ...(priority !== undefined && { priority }) };
    expect(outcome(specWithProcess({ ioPriority })).of('ioPriority')).toEqual([
      { kind: 'ioPriority', value },
    ]);
  });
});
