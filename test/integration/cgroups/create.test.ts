import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reopenCgroups } from '../../../src/cgroups/open.ts';
import { placeCgroup } from '../../../src/cgroups/place.ts';
import {
  createForTest,
  directoryOf,
  facts,
  freshPath,
  openForTest,
  presentDirectories,
  readLimit,
  startInside,
  startShell,
} from './support.ts';

/** `hierarchy:path` lines of a process, as a map. */
function cgroupsOf(pid: number | 'self'): Map<string, string> {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [, list = '', ...path] = line.split(':');
      return [list === '' ? 'unified' : list, path.join(':')];
    }),
  );
}

describe('create', () => {
  test('makes a cgroup in every mounted hierarchy, the v2 tree included', () => {
    const manager = createForTest();
    expect(presentDirectories(manager)).toHaveLength(facts.hierarchies.length);
    expect(manager.place.claimed).toBe(true);
    expect(manager.processes()).toEqual([]);
  });

  test('puts a container without a cgroupsPath below the own cgroup, under its id', () => {
    const path = freshPath();
    const manager = openForTest('', path.slice(1));
    manager.create();
    const shell = startInside(manager);
    const own = cgroupsOf('self');
    for (const [name, cgroup] of cgroupsOf(shell.pid)) {
      expect(`${name} ${cgroup}`).toBe(`${name} ${join(own.get(name) ?? '?', path)}`);
    }
  });

  test('gives a new cpuset, and the parents made for it, the processors and memory of the parent', () => {
    const manager = createForTest(`${freshPath()}/a/b`);
    const directory = directoryOf(manager, 'cpuset');
    const root = facts.hierarchies.find(({ name }) => name === 'cpuset')?.mountPoint;
    for (const list of ['cpus', 'mems']) {
      const expected = readFileSync(`${root}/cpuset.${list}`, 'utf8');
      expect(expected).not.toBe('\n');
      for (const path of [directory, dirname(directory), dirname(dirname(directory))]) {
        expect(readFileSync(`${path}/cpuset.${list}`, 'utf8')).toBe(expected);
      }
    }
  });

  test('fills a cpuset that somebody else has made and not filled', () => {
    const path = freshPath();
    const manager = openForTest(`${path}/a`);
    mkdirSync(dirname(directoryOf(manager, 'cpuset')));
    manager.create();
    expect(readLimit(manager, 'cpuset.cpus')).not.toBe('');
    startInside(manager);
  });

  test('knows before it makes anything what it will make and whose it is', () => {
    const path = freshPath();
    const manager = openForTest(`${path}/a/b`);
    const before = manager.place;
    expect(before.claimed).toBe(true);
    manager.create();
    expect(manager.place).toEqual(before);
    expect(Object.keys(before.parents)).toHaveLength(facts.hierarchies.length);
    for (const { name, mountPoint } of facts.hierarchies) {
      expect(before.parents[name]).toBe(mountPoint + path);
    }
  });

  test('takes over cgroups that exist, when they are empty', () => {
    const path = freshPath();
    for (const { mountPoint } of facts.hierarchies) mkdirSync(mountPoint + path);
    const manager = openForTest(path);
    expect(manager.place).toMatchObject({ claimed: false, parents: {} });
    manager.create();
    expect(manager.place).toMatchObject({ claimed: true, parents: {} });
    startInside(manager);
  });

  test('does not claim cgroups that somebody else made and used since they were looked for', async () => {
    const path = freshPath();
    const late = openForTest(path);
    expect(late.place.claimed).toBe(true);
    const first = createForTest(path);
    const shell = startInside(first);
    expect(() => late.create()).toThrow("container's cgroup is not empty: 1 process(es) found");
    expect(late.place.claimed).toBe(false);
    await late.kill();
    await late.remove();
    expect(first.processes()).toEqual([shell.pid]);
  });

  test('refuses a cgroup with processes, those of sub-cgroups counted, and leaves it alone', async () => {
    const first = createForTest();
    const shell = startInside(first);
    const sub = `${directoryOf(first, 'pids')}/sub`;
    mkdirSync(sub);
    writeFileSync(`${sub}/cgroup.procs`, `${startShell('exec sleep 1000').pid}`);

    const second = openForTest(`/${basename(directoryOf(first, 'pids'))}`);
    expect(() => second.create()).toThrow(
      /^container's cgroup is not empty: 2 process\(es\) found$/,
    );
    expect(second.place.claimed).toBe(false);
    await second.kill();
    await second.remove();
    expect(await second.signalAll(9)).toBe(0);
    expect(shell.child.exitCode).toBeNull();
    expect(first.processes()).toEqual([shell.pid]);
  });

  test('refuses the root of the hierarchies', () => {
    expect(() => openForTest('/').create()).toThrow(
      /^container's cgroup is not empty: \d+ process/,
    );
  });

  test('refuses a frozen cgroup and leaves none of the others behind, parents included', () => {
    const path = freshPath();
    const manager = openForTest(`${path}/a/b`);
    const freezer = directoryOf(manager, 'freezer');
    mkdirSync(freezer, { recursive: true });
    writeFileSync(`${freezer}/freezer.state`, 'FROZEN');
    expect(() => manager.create()).toThrow(/^container's cgroup unexpectedly frozen$/);
    expect(presentDirectories(manager)).toEqual([freezer]);
    const left = facts.hierarchies.filter(({ mountPoint }) => existsSync(mountPoint + path));
    expect(left.map(({ name }) => name)).toEqual(['freezer']);
  });

  test('refuses a path that names a file of a cgroup', () => {
    expect(() => openForTest('/tasks/x').create()).toThrow('the path names a file of a cgroup');
  });
});

describe('join', () => {
  test('moves a process into every hierarchy', () => {
    const path = freshPath();
    const shell = startInside(createForTest(`${path}/deep/er`));
    for (const [name, cgroup] of cgroupsOf(shell.pid)) {
      if (!facts.hierarchies.some((hierarchy) => hierarchy.name === name)) continue;
      expect(`${name} ${cgroup}`).toBe(`${name} ${path}/deep/er`);
    }
  });

  test('says that the process is gone', async () => {
    const manager = createForTest();
    const shell = startShell('exit 0');
    shell.start();
    await shell.ended();
    expect(() => manager.join(shell.pid)).toThrow(
      new RegExp(`^move process ${shell.pid} to cgroup /.*: no such process$`),
    );
  });

  test('says that the cgroup is gone', async () => {
    const manager = createForTest();
    await manager.remove();
    expect(() => manager.join(process.pid)).toThrow(/the cgroup no longer exists$/);
  });
});

describe('entrance', () => {
  test('lets a process of one thread join by itself', async () => {
    const manager = createForTest();
    const { tasks, directory } = manager.entrance();
    const script = tasks.map((_task, index) => `echo 0 >&${index + 3};`).join(' ');
    const shell = startShell(`${script} echo inside; exec sleep 1000`, tasks);
    for (const opened of tasks) closeSync(opened);
    shell.start();
    await shell.says('inside');
    const unified =
      directory === undefined ? undefined : readlinkSync(`/proc/self/fd/${directory}`);
    expect(unified).toBe(manager.place.paths.unified);
    if (directory !== undefined) closeSync(directory);
    for (const [name, path] of Object.entries(manager.place.paths)) {
      if (name === 'unified') continue;
      expect(readFileSync(`${path}/tasks`, 'utf8')).toBe(`${shell.pid}\n`);
    }
  });
});

describe('a place', () => {
  test('survives JSON and finds its processes again', () => {
    const manager = createForTest();
    const { pid } = startInside(manager);
    const saved: typeof manager.place = JSON.parse(JSON.stringify(manager.place));
    const again = reopenCgroups(saved);
    expect(again.place).toEqual(manager.place);
    expect(again.processes()).toEqual([pid]);
    again.close();
  });

  test('that lies on no cgroup file system is not written to', () => {
    const directory = mkdtempSync(join(tmpdir(), 'runts-test-'));
    const file = join(directory, 'pids.max');
    writeFileSync(file, 'untouched');
    const manager = reopenCgroups({
      ...placeCgroup({ path: '/unused', id: 'unused', facts }),
      paths: { pids: directory },
    });
    try {
      expect(() => manager.apply({ pids: { limit: 5 } }, { devices: false })).toThrow(
        `open cgroup ${directory}: it lies on no cgroup file system`,
      );
      expect(readFileSync(file, 'utf8')).toBe('untouched');
    } finally {
      manager.close();
      rmSync(directory, { recursive: true });
    }
  });
});
