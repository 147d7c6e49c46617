import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, runCommand } from './command.ts';
import { prefixed } from './hyperfine.ts';
import type { Measured } from './rounds.ts';
import { call, type Runtime } from './runtimes.ts';
import type { Workspace } from './workspace.ts';

/** kB of the kernel to MB. */
const KB_PER_MB = 1000 / 1.024;

export const COMMANDS = ['create', 'start', 'state', 'exec', 'kill', 'delete', 'run'] as const;

/**
 * The most memory that each command and what it starts has resident at once, one after the other in the life of a container.
 *
 * @param bundle with a program that stays
 * @param shortBundle with one that ends
 */
export function measurePeaks(
  { folder }: Workspace,
  runtime: Runtime,
  bundle: string,
  shortBundle: string,
): Measured {
  const peak = (...args: string[]) => [peakOf(folder, runtime, call(runtime, ...args))];
  return {
    create: peak('create', '--bundle', bundle, 'life'),
    start: peak('start', 'life'),
    state: peak('state', 'life'),
    exec: peak('exec', 'life', '/bin/true'),
    kill: peak('kill', 'life', 'CONT'),
    delete: peak('delete', '--force', 'life'),
    run: peak('run', '--bundle', shortBundle, 'short'),
  } satisfies Record<(typeof COMMANDS)[number], number[]>;
}

function peakOf(folder: string, { enter }: Runtime, command: Command): number {
  const file = join(folder, 'peak');
  runCommand(folder, prefixed(enter, ['/usr/bin/time', '-f', '%M', '-o', file, ...command]));
  return Number(readFileSync(file, 'utf8')) / KB_PER_MB;
}

/**
 * What a `run` in the foreground holds while its program runs: all of it, and what belongs to no file. The pages of the binary are
 * shared by all that run it, and the kernel can drop them.
 *
 * @param bundle whose program prints something and stays
 */
export async function measureForeground(
  workspace: Workspace,
  runtime: Runtime,
  bundle: string,
): Promise<Measured> {
  const command = call(runtime, 'run', '--bundle', bundle, 'foreground');
  const [program, ...args] = prefixed(runtime.enter, command);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const exit = once(child, 'exit');
  try {
    await Promise.race([
      once(child.stdout, 'data'),
      exit.then(() => Promise.reject(new Error('the container has ended'))),
    ]);
    const rollup = readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8');
    const field = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) / KB_PER_MB;
    return { resident: [field('Rss')], private: [field('Anonymous')] };
  } finally {
    workspace.endContainers();
    await exit;
  }
}
