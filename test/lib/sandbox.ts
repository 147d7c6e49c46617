/** A place for the containers of one test: own folders, own state directory, own cgroups; empty again afterwards. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { cgroupsBelow, processesBelow, removeCgroups } from './cgroups.ts';
import { type Changes, makeConfig, type Section } from './config.ts';
import { Container } from './container.ts';
import { livingProcesses, readProc } from './processes.ts';
import { makeBusyboxRootfs, makeStaticRootfs } from './rootfs.ts';
import type { StartOptions } from './runtime.ts';
import { type Ended, RUNTIME, type Running, runToEnd, startPiped } from './runtime.ts';

let serial = 0;

export class Sandbox {
  /** Own temporary folder, a real path. */
  readonly folder: string;
  /** State directory of the runtime. */
  readonly root: string;
  /** Absolute cgroup path, below which the containers have theirs. */
  readonly cgroup: string;

  constructor() {
    serial += 1;
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'runts-test-')));
    // Root of a user namespace, which is nobody out here, has to come through.
    chmodSync(this.folder, 0o711);
    this.root = join(this.folder, 'state');
    mkdirSync(join(this.folder, 'io'));
    this.cgroup = `/runts-test-${process.pid}-${serial}`;
  }

  /** A bundle with a busybox in it, and the id of a container to make of it. */
  container(changes: Changes = {}): Container {
    const { bundle, id } = this.emptyBundle();
    makeBusyboxRootfs(join(bundle, 'rootfs'));
    return this.#finish(id, bundle, changes);
  }

  /** A bundle whose root file system is one static program: test/lib/programs/<name>.c as /program. */
  staticContainer(name: string, changes: Changes = {}): Container {
    const { bundle, id } = this.emptyBundle();
    makeStaticRootfs(join(bundle, 'rootfs'), name);
    return this.#finish(id, bundle, { args: ['/program'], ...changes });
  }

  /** A folder for a bundle, without anything in it. */
  emptyBundle(): { readonly bundle: string; readonly id: string } {
    serial += 1;
    const id = `c${process.pid}-${serial}`;
    const bundle = join(this.folder, id);
    mkdirSync(bundle);
    return { bundle, id };
  }

  #finish(id: string, bundle: string, changes: Changes): Container {
    const config = this.config(id, changes);
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(config, undefined, 2));
    return new Container(this, id, bundle, config);
  }

  config(id: string, changes: Changes = {}): Section {
    return makeConfig(`${this.cgroup}/${id}`, changes);
  }

  /** Runs the runtime with our state directory. */
  run(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
    return runToEnd(['--root', this.root, ...args], join(this.folder, 'io'), options);
  }

  start(args: readonly string[], options: StartOptions = {}): Running {
    return startPiped(['--root', this.root, ...args], options);
  }

  /** What there still is of containers: one line each, empty when all is gone. */
  leftovers(): string[] {
    return [
      ...stateOf(this.root).map((id) => `state directory of ${id}`),
      ...this.processes().map((pid) => `process ${pid}: ${describe(pid)}`),
      ...cgroupsBelow(this.cgroup).map((path) => `cgroup ${path}`),
      ...mountsBelow(this.folder).map((path) => `mount on ${path}`),
    ];
  }

  /** Processes in our cgroups, or with a root or a command line in our folder. */
  processes(): number[] {
    const others = livingProcesses().filter((pid) => isIn(pid, this.folder));
    return [...new Set([...processesBelow(this.cgroup), ...others])];
  }

  /**
   * Removes everything, by the runtime where it can, by force where it can not.
   *
   * @returns what the runtime's own `delete --force` has left behind
   */
  close(): string[] {
    for (const id of stateOf(this.root)) {
      // A delete that hangs is told by what it leaves.
      spawnSync(RUNTIME, ['--root', this.root, 'delete', '--force', id], { timeout: 20_000 });
    }
    const left = this.leftovers();
    for (const pid of this.processes()) endProcess(pid);
    for (const path of mountsBelow(this.folder).toReversed()) spawnSync('umount', ['-l', path]);
    removeCgroups(this.cgroup);
    rmSync(this.folder, { recursive: true, force: true });
    return left;
  }
}

/** Kept filters outlive the containers that they were made for, and are for the next ones. */
const KEPT = '.seccomp:cache';

const stateOf = (root: string): string[] =>
  existsSync(root) ? readdirSync(root).filter((name) => name !== KEPT) : [];

const mountsBelow = (folder: string): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${folder}/`));

function isIn(pid: number, folder: string): boolean {
  try {
    if (readProc(pid, 'cmdline').includes(folder)) return true;
    // Only what has its root there: a mount in our folder may be seen by any process of the machine.
    return readProc(pid, 'mountinfo')
      .split('\n')
      .map((line) => line.split(' '))
      .some(([, , , root, point]) => point === '/' && root?.includes(`/${basename(folder)}/`));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

function describe(pid: number): string {
  try {
    return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim() || readProc(pid, 'comm').trim();
  } catch {
    return 'ended meanwhile';
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Gives every test of the file a sandbox, and fails the test when something is left of it in the end.
 *
 * @returns a function that gives the sandbox of the test that runs
 */
export function useSandbox(): () => Sandbox {
  return useWith(beforeEach, afterEach);
}

/** Like {@link useSandbox}, but one sandbox for all tests of the file or group. */
export function useSharedSandbox(): () => Sandbox {
  return useWith(beforeAll, afterAll);
}

type Hook = (run: () => void) => void;

function useWith(before: Hook, after: Hook): () => Sandbox {
  let current: Sandbox | undefined;
  before(() => {
    current = new Sandbox();
  });
  after(() => {
    const left = current?.close() ?? [];
    current = undefined;
    expect(left, 'left behind after delete --force').toEqual([]);
  });
  return () => {
    if (current === undefined) throw new Error('a sandbox exists only within a test');
    return current;
  };
}
