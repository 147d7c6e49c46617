import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

/**
 * A mount namespace in which a hybrid layout of cgroups looks like v1 alone, which is what crun can deal with. The mounts of the
 * machine stay as they are.
 */
export class CgroupV1View {
  readonly #holder: ChildProcessByStdio<null, Readable, null> | undefined;

  private constructor(holder?: ChildProcessByStdio<null, Readable, null>) {
    this.#holder = holder;
  }

  /** @throws Error where the namespace can not be made */
  static async open(): Promise<CgroupV1View> {
    const unified = hybridMounts();
    if (unified.length === 0) return new CgroupV1View();
    const script = 'umount "$@" && echo ready && exec sleep infinity';
    const args = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', ...unified];
    const holder = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
    if (!String(line).startsWith('ready')) {
      throw new Error(`no mount namespace without ${unified.join(', ')}`);
    }
    return new CgroupV1View(holder);
  }

  /** What to put before a program so that it runs there. */
  get enter(): readonly string[] {
    if (this.#holder === undefined) return [];
    return ['nsenter', `--mount=/proc/${this.#holder.pid}/ns/mnt`, '--'];
  }

  close(): void {
    this.#holder?.kill('SIGKILL');
  }
}

/** @returns where v2 is mounted beside v1 */
function hybridMounts(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  if (!lines.some((line) => line.includes(' - cgroup '))) return [];
  return lines
    .filter((line) => line.includes(' - cgroup2 '))
    .map((line) => line.split(' ')[4] ?? '');
}
