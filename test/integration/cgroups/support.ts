import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, type TestContext } from 'vitest';
import type { CgroupManager } from '../../../src/cgroups/manager.ts';
import { openCgroups } from '../../../src/cgroups/open.ts';
import { readCgroupFacts } from '../../../src/cgroups/read-facts.ts';

export const facts = readCgroupFacts();

/** Why these tests can't run on this machine. */
const obstacle =
  process.geteuid?.() !== 0
    ? 'cgroups are made by root'
    : facts.layout === 'v2' || facts.layout === 'none'
      ? `this machine's cgroup layout is ${facts.layout}: the tests of cgroup v1 need its hierarchies`
      : undefined;
beforeEach(({ skip }) => skip(obstacle !== undefined, obstacle));

/** Skips a test of a limit that not every kernel has. */
export function needFile({ skip }: TestContext, file: string): void {
  const controller = file.slice(0, file.indexOf('.'));
  const present = existsSync(`${directoryOf(createForTest(), controller)}/${file}`);
  skip(!present, `this kernel has no ${file}`);
}

const used = { count: 0, managers: new Set<CgroupManager>(), children: new Set<ChildProcess>() };

/** A path that only this run uses, the same in every hierarchy. */
export function freshPath(): string {
  used.count += 1;
  return `/runts-test-cgroups-${process.pid}-${used.count}`;
}

/** A manager whose cgroups are removed after the test, whatever became of it. */
export function openForTest(path: string | undefined = freshPath(), id = 'unused'): CgroupManager {
  const manager = openCgroups({ path, id, facts });
  used.managers.add(manager);
  return manager;
}

/** Likewise, already made. */
export function createForTest(path?: string): CgroupManager {
  const manager = openForTest(path);
  manager.create();
  return manager;
}

export interface TestProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Lets it go on; it has waited for that. */
  start(): void;
  /** How it ended, and all that it has written. */
  ended(): Promise<{ code: number | null; signal: string | null; output: string }>;
  /** Waits until it has written `text`. */
  says(text: string): Promise<void>;
}

/** A shell that waits for {@link TestProcess.start} before it runs `script`; ended after the test. */
export function startShell(script: string, descriptors: readonly number[] = []): TestProcess {
  const child = spawn('/bin/bash', ['-c', `read _; ${script}`], {
    stdio: ['pipe', 'pipe', 'pipe', ...descriptors],
  });
  used.children.add(child);
  const { pid, stdin, stdout, stderr } = child;
  if (pid === undefined || stdin === null || stdout === null || stderr === null) {
    throw new Error('no /bin/bash');
  }
  let output = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const closed = once(child, 'close');
  return {
    pid,
    child,
    start: () => stdin.write('\n'),
    ended: async () => {
      await closed;
      return { code: child.exitCode, signal: child.signalCode, output };
    },
    says: async (text) => {
      while (!output.includes(text)) {
        await Promise.race([once(stdout, 'data'), once(stderr, 'data'), closed]);
        if (child.exitCode !== null && !output.includes(text)) throw new Error(`ended: ${output}`);
      }
    },
  };
}

/** A process that stands in the container's cgroup until it is killed. */
export function startInside(manager: CgroupManager): TestProcess {
  const shell = startShell('exec sleep 1000');
  manager.join(shell.pid);
  return shell;
}

export function directoryOf(manager: CgroupManager, controller: string): string {
  const { paths } = manager.place;
  const name = Object.keys(paths).find((key) => key.split(',').includes(controller));
  const path = name === undefined ? undefined : paths[name];
  if (path === undefined) throw new Error(`no ${controller} here`);
  return path;
}

/** What the kernel says; the controller is the file name's beginning unless told. */
export function readLimit(
  manager: CgroupManager,
  file: string,
  controller = file.slice(0, file.indexOf('.')),
): string {
  return readFileSync(`${directoryOf(manager, controller)}/${file}`, 'utf8').trim();
}

/** Directories of the place that exist. */
export function presentDirectories(manager: CgroupManager): string[] {
  return Object.values(manager.place.paths).filter((path) => existsSync(path));
}

afterEach(async () => {
  for (const child of used.children) {
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, 'exit');
      child.kill('SIGKILL');
      child.kill('SIGCONT');
      thawEverything();
      await closed;
    }
  }
  used.children.clear();
  for (const manager of used.managers) {
    await manager.kill();
    await manager.remove();
    for (const path of Object.values(manager.place.paths)) removeLeftovers(path);
  }
  used.managers.clear();
});

function thawEverything(): void {
  for (const manager of used.managers) {
    if (presentDirectories(manager).length > 0) manager.thaw();
  }
}

/** What a failed test left: only below this run's own names. */
function removeLeftovers(path: string): void {
  if (!path.includes(`/runts-test-cgroups-${process.pid}-`)) return;
  if (existsSync(path)) {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) removeLeftovers(`${path}/${entry.name}`);
    }
    rmdirSync(path);
  }
  const parent = dirname(path);
  if (parent.includes(`/runts-test-cgroups-${process.pid}-`) && existsSync(parent))
    removeLeftovers(parent);
}
