import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Command = readonly [program: string, ...args: string[]];

/** Long enough for a thousand containers, short enough for a run that nobody watches. */
const TIMEOUT_MS = 300_000;

/**
 * Runs a program to its end, not to the end of what it leaves behind: the containers have no pipe of ours.
 *
 * @param folder for a file with what it says
 * @throws Error with the end of what the program said, if it fails
 */
export function runCommand(folder: string, [program, ...args]: Command): void {
  const file = join(folder, 'said');
  const said = openSync(file, 'w');
  try {
    const { status, signal, error } = spawnSync(program, args, {
      stdio: ['ignore', 'ignore', said],
      timeout: TIMEOUT_MS,
    });
    if (status === 0) return;
    const how = error?.message ?? signal ?? `exit status ${status}`;
    const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    throw new Error(`${program} ${args.join(' ')}: ${how}: ${last}`);
  } finally {
    closeSync(said);
  }
}
