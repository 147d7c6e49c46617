import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { observe } from '../lib/observe.ts';
import { readProc } from '../lib/processes.ts';
import { useSandbox, useSharedSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const RLIMITS = [
  { type: 'RLIMIT_NOFILE', soft: 300, hard: 400 },
  { type: 'RLIMIT_CORE', soft: 0, hard: 4096 },
  { type: 'RLIMIT_STACK', soft: 4194304, hard: 8388608 },
  { type: 'RLIMIT_CPU', soft: 60, hard: 120 },
];

describe('a process with everything set', () => {
  const sandbox = useSharedSandbox();
  let seen: Record<'ids' | 'umask' | 'cwd' | 'limits' | 'oom' | 'io' | 'env', string>;

  beforeAll(async () => {
    seen = await observe(
      sandbox(),
      {
        ids: 'id -u; id -g; id -G',
        umask: 'umask',
        cwd: 'readlink /proc/self/cwd; pwd',
        limits: 'cat /proc/$$/limits',
        oom: 'cat /proc/$$/oom_score_adj',
        io: 'ionice',
        env: 'env',
      },
      {
        process: {
          user: { uid: 1000, gid: 1001, additionalGids: [5, 2000], umask: 0o27 },
          cwd: '/tmp',
          env: ['PATH=/bin', 'EMPTY=', 'EQUALS=a=b', 'SPACE= x y '],
          rlimits: RLIMITS,
          oomScoreAdj: 321,
          ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 6 },
        },
      },
    );
  });

  must('user.ids', () => {
    expect(seen.ids.split('\n')).toEqual(['1000', '1001', '1001 5 2000']);
    expect(seen.umask).toBe('0027');
  });

  must('rlimits.set', () => {
    const limits = seen.limits.replaceAll(/ {2,}/g, '|');
    expect(limits).toContain('Max open files|300|400|files');
    expect(limits).toContain('Max core file size|0|4096|bytes');
    expect(limits).toContain('Max stack size|4194304|8388608|bytes');
    expect(limits).toContain('Max cpu time|60|120|seconds');
  });

  must('oom.set', () => {
    expect(seen.oom).toBe('321');
  });

  must('io-priority', () => {
    expect(seen.io).toBe('best-effort: prio 6');
  });

  must('process.cwd', () => {
    expect(seen.cwd).toBe('/tmp\n/tmp');
    expect(seen.env).toContain('EQUALS=a=b');
    expect(seen.env).toContain('SPACE= x y ');
  });
});

describe('a process', () => {
  const sandbox = useSandbox();

  must('oom.unset', async () => {
    const { oom } = await observe(sandbox(), { oom: 'cat /proc/$$/oom_score_adj' });
    expect(`${oom}\n`).toBe(readProc(process.pid, 'oom_score_adj'));
  });

  must('rlimits.unknown', async () => {
    const container = sandbox().container({
      process: { rlimits: [{ type: 'RLIMIT_TEST', soft: 1, hard: 1 }] },
    });
    expect((await container.tryCreate()).status).not.toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  });

  must('rlimits.twice', async () => {
    const limit = { type: 'RLIMIT_NOFILE', soft: 300, hard: 400 };
    const container = sandbox().container({ process: { rlimits: [limit, limit] } });
    expect((await container.tryCreate()).status).not.toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  });

  must('capabilities.unknown', async () => {
    const names = ['CAP_CHOWN', 'CAP_KILL', 'CAP_TEST'];
    const container = sandbox().container({
      args: ['grep', 'Cap', '/proc/self/status'],
      process: { capabilities: { bounding: names, permitted: names, effective: names } },
    });
    const { status, stdout, stderr } = await container.run();
    expect(status).toBe(0);
    expect(stderr).toContain('CAP_TEST');
    const sets = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(':\t')),
    );
    const both = '0000000000000021';
    expect(sets).toMatchObject({ CapBnd: both, CapPrm: both, CapEff: both });
  });

  must('process.args', async () => {
    const empty = sandbox().container({ args: [] });
    expect((await empty.run()).status).not.toBe(0);

    const byName = sandbox().container({
      args: ['echo', 'found', 'two words', ''],
      process: { env: ['PATH=/no-such:/bin'] },
    });
    expect(await byName.output()).toBe('found two words \n');

    const unfound = sandbox().container({
      args: ['echo', 'found'],
      process: { env: ['PATH=/no-such'] },
    });
    expect((await unfound.run()).status).not.toBe(0);

    const byPath = sandbox().container({
      args: ['bin/echo', 'found'],
      process: { env: [], cwd: '/' },
    });
    expect(await byPath.output()).toBe('found\n');
  });

  must('process.console-size', async () => {
    const container = sandbox().container({
      args: ['sh', '-c', 'test -t 0 || echo no terminal'],
      process: { terminal: false, consoleSize: { height: 10, width: 20 } },
    });
    expect(await container.output()).toBe('no terminal\n');
  });

  must('valid.values', async () => {
    mkdirSync(join(sandbox().folder, 'unused'));
    const wrong = [
      { process: { cwd: 'relative' } },
      { process: { user: { uid: -1, gid: 0 } } },
      { process: { capabilities: 'all' } },
      { linux: { namespaces: [{ type: 'nonsense' }] } },
      { linux: { rootfsPropagation: 'sideways' } },
      { linux: { seccomp: { defaultAction: 'SCMP_ACT_NONSENSE' } } },
    ];
    for (const changes of wrong) {
      const container = sandbox().container(changes);
      expect((await container.tryCreate()).status, JSON.stringify(changes)).not.toBe(0);
    }
    expect(sandbox().leftovers()).toEqual([]);
  });
});
