import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { cgroupsBelow, processesBelow, removeCgroups } from '../../test/lib/cgroups.ts';

/** How long killed processes may take to be gone; a machine under load is slow at it. */
const PATIENCE_MS = 10_000;

const IN_MEMORY = ['/run', '/dev/shm'];
/** TMPFS_MAGIC of statfs(2). */
const TMPFS = 0x01021994;
const isInMemory = (path: string) => existsSync(path) && statfsSync(path).type === TMPFS;

/** Where everything of one run of the benchmark is: one temporary folder, and one cgroup in every hierarchy. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'runts-bench-'));
  /** Absolute; the containers have theirs below. */
  readonly cgroup = `/runts-test-bench-${process.pid}`;
  /**
   * State directories are below this one: in memory, where runtimes have theirs by default. Some machines have /run on a
   * disk, whose file system takes longer for a new file than for a mount.
   */
  readonly #states = mkdtempSync(join(IN_MEMORY.find(isInMemory) ?? this.folder, 'runts-bench-'));

  /** @returns a state directory that is there */
  makeState(name: string): string {
    const folder = join(this.#states, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /**
   * Ends every container without asking a runtime, which might be what does not work.
   *
   * @throws Error where that takes too long
   */
  endContainers(): void {
    const deadline = Date.now() + PATIENCE_MS;
    for (let pids = this.#kill(); pids > 0; pids = this.#kill()) {
      if (Date.now() > deadline) throw new Error(`${pids} processes in ${this.cgroup} do not end`);
      pause(5);
    }
    // A cgroup stays busy for a moment after its last process.
    for (removeCgroups(this.cgroup); cgroupsBelow(this.cgroup).length > 0; ) {
      if (Date.now() > deadline) throw new Error(`cgroups below ${this.cgroup} can not be removed`);
      pause(5);
      removeCgroups(this.cgroup);
    }
    for (const name of entries(this.#states)) {
      const folder = join(this.#states, name);
      for (const id of entries(folder)) rmSync(join(folder, id), { recursive: true, force: true });
    }
  }

  close(): void {
    try {
      this.endContainers();
    } finally {
      for (const folder of [this.folder, this.#states]) {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }

  #kill(): number {
    const pids = processesBelow(this.cgroup);
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // ESRCH: gone meanwhile.
      }
    }
    return pids.length;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
