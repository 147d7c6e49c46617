import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, runCommand } from './command.ts';
import type { Runtime } from './runtimes.ts';

interface Exported {
  readonly results: readonly { readonly times: readonly number[] }[];
}

/**
 * Measures with hyperfine, without a shell in between.
 *
 * @param folder for its report
 * @returns milliseconds of each run
 * @throws Error with what the command says when it fails
 */
export function measureTimes(
  folder: string,
  { enter }: Runtime,
  command: Command,
  { runs, warmup }: { readonly runs: number; readonly warmup: number },
): number[] {
  const file = join(folder, 'hyperfine.json');
  const options = `-N --style none --warmup ${warmup} --runs ${runs} --export-json`.split(' ');
  const line = command.map(quoted).join(' ');
  try {
    runCommand(folder, prefixed(enter, ['hyperfine', ...options, file, line]));
  } catch {
    // It does not say why; once more to hear it, and if it works now, so much the better.
    runCommand(folder, prefixed(enter, command));
    runCommand(folder, prefixed(enter, ['hyperfine', ...options, file, line]));
  }
  const { results }: Exported = JSON.parse(readFileSync(file, 'utf8'));
  return results.flatMap(({ times }) => times.map((time) => time * 1000));
}

/** @param enter of a runtime */
export function prefixed(enter: readonly string[], [program, ...args]: Command): Command {
  const [first, ...rest] = enter;
  return first === undefined ? [program, ...args] : [first, ...rest, program, ...args];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
