import { execFile } from 'node:child_process';
import { RuntimeError } from '../error.ts';
import type { Context } from './options.ts';
import { readCondition } from './status.ts';
import { openStore } from './store.ts';
import { checkTransition } from './transitions.ts';
import { withCgroups } from './with-cgroups.ts';

/** What ps(1) is asked for where the caller says nothing: every process, in full format. */
const DEFAULT_ARGUMENTS = ['-ef'];

/** A machine can have as many processes as pid_max says, each with a long command line. */
const MOST_OUTPUT = 256 * 1024 * 1024;

/**
 * Lists the processes of a container, those in sub-cgroups too: `ps -f json`. One that has stopped may have some left,
 * where it had no pid namespace of its own.
 *
 * @returns pids as this process sees them, in the order of the kernel; without those of another pid namespace
 * @throws RuntimeError: no such container
 */
export async function containerProcesses({ root }: Context, id: string): Promise<number[]> {
  const store = openStore(root);
  const record = store.load(id);
  const { status } = await readCondition(store, id, record);
  checkTransition('ps', status, id);
  const pids = await withCgroups(record.cgroup, (cgroups) => cgroups.allProcesses());
  return (pids ?? []).filter((pid) => pid !== 0);
}

/**
 * Shows the processes of a container as ps(1) does: `ps`.
 *
 * @param args of ps(1); its output must have a column PID
 * @returns the lines of ps(1) about the container, below its titles
 * @throws RuntimeError: no such container; ps(1) cannot be run, or refuses the arguments
 */
export async function showProcesses(
  context: Context,
  id: string,
  args: readonly string[],
): Promise<string> {
  const pids = new Set(await containerProcesses(context, id));
  return selectProcesses(await runPs(args.length === 0 ? DEFAULT_ARGUMENTS : args), pids);
}

/**
 * @param output of ps(1)
 * @returns its line of titles, and those lines that are about one of the processes
 * @throws RuntimeError where no column is called PID
 */
export function selectProcesses(output: string, pids: ReadonlySet<number>): string {
  const [titles = '', ...lines] = output.split('\n').filter((line) => line !== '');
  const column = words(titles).indexOf('PID');
  if (column < 0) {
    throw new RuntimeError({
      operation: '',
      detail: `couldn't find PID field in ps output: ask for it, as in "ps ID -o pid,comm"`,
    });
  }
  const selected = lines.filter((line) => pids.has(Number(words(line)[column])));
  return [titles, ...selected].map((line) => `${line}\n`).join('');
}

const words = (line: string): string[] => line.split(/\s+/).filter((word) => word !== '');

function runPs(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('ps', args, { maxBuffer: MOST_OUTPUT }, (cause, stdout, stderr) => {
      if (cause === null) return resolve(stdout);
      const { code } = cause;
      const detail =
        code === 'ENOENT'
          ? 'the program ps is not installed: "--format json" does without it'
          : `it ended with ${cause.signal ?? `exit status ${code}`}: ${oneLine(stderr) || 'it does not say why'}`;
      reject(new RuntimeError({ operation: 'run ps', detail, cause }));
    });
  });
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
