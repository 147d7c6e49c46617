import { closeSync, mkdirSync, readdirSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CgroupManager } from '../../../src/cgroups/manager.ts';
import { reopenCgroups } from '../../../src/cgroups/open.ts';
import { CgroupDirectory } from '../../../src/cgroups/v1/directory.ts';
import { signalFrozen } from '../../../src/cgroups/v1/kill.ts';
import { pidfdOpen, pollExit } from '../../../src/syscalls/wait.ts';
import {
  createForTest,
  directoryOf,
  facts,
  presentDirectories,
  readLimit,
  startInside,
  startShell,
} from './support.ts';

/** A process in a sub-cgroup of every hierarchy, as a container with an init system has. */
function startBelow(manager: CgroupManager, script = 'exec sleep 1000') {
  const shell = startShell(script);
  for (const path of Object.values(manager.place.paths)) {
    mkdirSync(`${path}/sub/deep`, { recursive: true });
    if (path === manager.place.paths.cpuset) {
      for (const below of ['sub', 'sub/deep']) {
        for (const list of ['cpus', 'mems']) {
          writeFileSync(`${path}/${below}/cpuset.${list}`, '0');
        }
      }
    }
    writeFileSync(`${path}/sub/deep/cgroup.procs`, `${shell.pid}`);
  }
  return shell;
}

const FORKING = 'trap "" TERM; echo ready; while :; do /bin/true; done';

async function startForking(manager: CgroupManager) {
  const shell = startShell(FORKING);
  manager.join(shell.pid);
  shell.start();
  await shell.says('ready');
  return shell;
}

describe('processes', () => {
  test('lists the cgroup itself, allProcesses the sub-cgroups too', () => {
    const manager = createForTest();
    const inside = startInside(manager);
    const below = startBelow(manager);
    expect(manager.processes()).toEqual([inside.pid]);
    expect(manager.allProcesses().sort()).toEqual([inside.pid, below.pid].sort());
  });

  test('lists none where the cgroup is gone', async () => {
    const manager = createForTest();
    await manager.remove();
    expect(manager.processes()).toEqual([]);
    expect(manager.allProcesses()).toEqual([]);
    expect(manager.isFrozen()).toBe(false);
    expect(manager.hasOomKilled()).toBe(false);
  });
});

describe('freeze', () => {
  test('stops processes until thaw', async () => {
    const manager = createForTest();
    const shell = startShell('while read _; do echo turn; done');
    manager.join(shell.pid);
    shell.start();
    expect(manager.isFrozen()).toBe(false);
    await manager.freeze();
    expect(manager.isFrozen()).toBe(true);
    expect(readLimit(manager, 'freezer.state')).toBe('FROZEN');
    shell.start();
    manager.thaw();
    expect(manager.isFrozen()).toBe(false);
    await shell.says('turn');
  });

  test('stops processes that fork all the time', async () => {
    const manager = createForTest();
    await startForking(manager);
    await manager.freeze();
    const before = manager.allProcesses();
    expect(manager.allProcesses()).toEqual(before);
    manager.thaw();
  });

  test('of a cgroup that is gone says so', async () => {
    const manager = createForTest();
    await manager.remove();
    await expect(manager.freeze()).rejects.toThrow('the cgroup no longer exists');
  });
});

describe('signalAll', () => {
  test('reaches every process, sub-cgroups too', async () => {
    const manager = createForTest();
    const shells = [startInside(manager), startInside(manager), startBelow(manager)];
    expect(await manager.signalAll(15)).toBe(3);
    for (const shell of shells) expect((await shell.ended()).signal).toBe('SIGTERM');
    expect(manager.isFrozen()).toBe(false);
  });

  test('of a frozen cgroup leaves it frozen; the signal comes with the thaw', async () => {
    const manager = createForTest();
    const shell = startInside(manager);
    await manager.freeze();
    expect(await manager.signalAll(15)).toBe(1);
    expect(manager.isFrozen()).toBe(true);
    manager.thaw();
    expect((await shell.ended()).signal).toBe('SIGTERM');
  });

  test('does not mind that somebody else removes the cgroup when the signal has ended all', async () => {
    const manager = createForTest();
    const shell = startInside(manager);
    const { pid } = shell;
    const path = directoryOf(manager, 'freezer');
    const freezer = new CgroupDirectory(path);
    const pidfd = pidfdOpen(pid);
    let lists = 0;
    // The fourth look comes after the signal, and before the thaw.
    const listing = {
      allProcesses() {
        lists += 1;
        if (lists < 4) return [pid];
        writeFileSync(`${path}/freezer.state`, 'THAWED');
        expect(pollExit(pidfd, 10_000)).toBe(true);
        rmdirSync(path);
        return [];
      },
    } as unknown as CgroupDirectory;
    const reached = await signalFrozen(listing, freezer, 9);
    await shell.ended();
    expect({ reached, lists }).toEqual({ reached: 1, lists: 4 });
    freezer.close();
    closeSync(pidfd);
  });

  test('of an empty cgroup reaches none', async () => {
    expect(await createForTest().signalAll(15)).toBe(0);
  });

  test('does neither signal nor freeze the runtime itself', async () => {
    const freezer = facts.hierarchies.find(({ name }) => name === 'freezer');
    const own = `${freezer?.mountPoint}${freezer?.own}`;
    const place = { version: 1, paths: { freezer: own }, parents: {}, claimed: true } as const;
    const manager = reopenCgroups(place);
    await expect(manager.signalAll(0)).rejects.toThrow("the runtime itself is in the container's");
    await expect(manager.freeze()).rejects.toThrow("the runtime itself is in the container's");
    manager.close();
  });
});

describe('kill', () => {
  test('ends processes that ignore signals and those that fork, and waits for them', async () => {
    const manager = createForTest();
    const forking = await startForking(manager);
    const below = startBelow(manager, 'trap "" TERM INT HUP; read _');
    await manager.kill();
    expect(manager.allProcesses()).toEqual([]);
    expect((await forking.ended()).signal).toBe('SIGKILL');
    expect((await below.ended()).signal).toBe('SIGKILL');
  });

  test('ends frozen processes', async () => {
    const manager = createForTest();
    const shell = startInside(manager);
    await manager.freeze();
    await manager.kill();
    expect((await shell.ended()).signal).toBe('SIGKILL');
    expect(manager.isFrozen()).toBe(false);
  });

  test('ends more processes than it opens at a time', async () => {
    const manager = createForTest();
    const shell = startShell('for i in $(seq 300); do sleep 1000 & done; echo ready; wait');
    manager.join(shell.pid);
    shell.start();
    await shell.says('ready');
    expect(manager.allProcesses()).toHaveLength(301);
    await manager.kill();
    expect(manager.allProcesses()).toEqual([]);
  });

  test('leaves no descriptor open', async () => {
    const manager = createForTest();
    const before = openDescriptors();
    startInside(manager);
    await manager.kill();
    await manager.remove();
    expect(openDescriptors().filter((target) => target.includes('pidfd'))).toEqual(
      before.filter((target) => target.includes('pidfd')),
    );
    expect(openDescriptors().filter((target) => target.includes('/sys/fs/cgroup'))).toEqual([]);
  });
});

describe('remove', () => {
  test('removes every hierarchy with its sub-cgroups', async () => {
    const manager = createForTest();
    const shell = startBelow(manager);
    await manager.kill();
    await shell.ended();
    await manager.remove();
    expect(presentDirectories(manager)).toEqual([]);
  });

  test('directly after kill finds the cgroups free', async () => {
    for (let round = 0; round < 20; round++) {
      const manager = createForTest();
      startInside(manager);
      await manager.kill();
      await manager.remove();
      expect(presentDirectories(manager)).toEqual([]);
    }
  });

  test('twice is fine, and so is one after another manager', async () => {
    const manager = createForTest();
    const other = reopenCgroups(manager.place);
    await manager.remove();
    await manager.remove();
    await other.remove();
    expect(presentDirectories(manager)).toEqual([]);
  });

  test('refuses while processes live, naming them', async () => {
    const manager = createForTest();
    const { pid } = startInside(manager);
    await expect(manager.remove()).rejects.toThrow(
      new RegExp(
        `^remove cgroup /.*: device or resource busy: 1 process\\(es\\) are left in it: ${pid}$`,
      ),
    );
    expect(manager.processes()).toEqual([pid]);
  });

  test('waits for processes that are just ending', async () => {
    const manager = createForTest();
    const shell = startInside(manager);
    const removed = manager.remove();
    shell.child.kill('SIGKILL');
    await removed;
    expect(presentDirectories(manager)).toEqual([]);
  });

  test('takes the parents that were made along, unless others are in them', async () => {
    const first = createForTest();
    const parent = first.place.paths.pids?.replace(/.*\//, '/');
    await first.remove();
    const one = createForTest(`${parent}/pod/one`);
    const two = createForTest(`${parent}/pod/two`);
    await one.remove();
    expect(presentDirectories(two)).toHaveLength(facts.hierarchies.length);
    const three = createForTest(`${parent}/pod/three`);
    await two.remove();
    await three.remove();
    expect(presentDirectories(first)).toHaveLength(facts.hierarchies.length);
    await reopenCgroups(one.place).remove();
    expect(presentDirectories(first)).toEqual([]);
  });
});

function openDescriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      // The one that listed them is closed again.
      return [];
    }
  });
}
