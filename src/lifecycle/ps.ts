import { RuntimeError } from '../error.ts';
import { SyscallError } from '../syscalls/error.ts';
import { closeFile, descriptorStatus, openFile, readText } from '../syscalls/files.ts';
import { memfd } from '../syscalls/memfd.ts';
import { type Program, startProgram } from '../syscalls/program.ts';
import type { Child } from '../syscalls/spawn.ts';
import { type Exit, waitExitAsync } from '../syscalls/wait.ts';
import { findProgram } from './find-program.ts';
import type { Context } from './options.ts';
import { signalName } from './signals.ts';
import { readCondition } from './status.ts';
import { openStore } from './store.ts';
import { checkTransition } from './transitions.ts';
import { withCgroups } from './with-cgroups.ts';

/** What ps(1) is asked for where the caller says nothing: every process, in full format. */
const DEFAULT_ARGUMENTS = ['-ef'];
/** A machine can have as many processes as pid_max says, each with a long command line. In bytes. */
const MOST_OUTPUT = 256 * 1024 * 1024;
const NOTHING = new Uint8Array();

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
  const selected = lines.filter((line) => pids.has(Number(wordAt(line, column))));
  return [titles, ...selected].map((line) => `${line}\n`).join('');
}

const words = (line: string): string[] => line.split(/\s+/).filter((word) => word !== '');

/** Looks at nothing behind the word: a command line may have hundreds of kilobytes, and is what the container likes. */
function wordAt(line: string, index: number): string | undefined {
  const word = /\S+/g;
  let found = word.exec(line);
  for (let at = 0; at < index && found !== null; at++) found = word.exec(line);
  return found?.[0];
}

/**
 * What ps(1) prints goes into memory files, which take all of it without somebody reading meanwhile.
 *
 * @returns its output
 */
async function runPs(args: readonly string[]): Promise<string> {
  const path = findProgram('ps', process.env.PATH);
  if (path === undefined) {
    throw failure('the program ps is not installed: "--format json" does without it');
  }
  const input = openFile('/dev/null');
  const output = memfd('runts-ps-output', NOTHING, false);
  const error = memfd('runts-ps-error', NOTHING, false);
  try {
    const exit = await runProgram({
      path,
      args: ['ps', ...args],
      environment: Object.entries(process.env).map(([name, value]) => `${name}=${value}`),
      directory: '.',
      stdio: [input, output, error],
    });
    if ('code' in exit && exit.code === 0) return readMemory(output);
    const end = 'signal' in exit ? signalName(exit.signal) : `exit status ${exit.code}`;
    const words = readMemory(error).trim().replaceAll(/\s+/g, ' ');
    throw failure(`it ended with ${end}: ${words || 'it does not say why'}`);
  } finally {
    for (const descriptor of [input, output, error]) closeFile(descriptor);
  }
}

async function runProgram(program: Program): Promise<Exit> {
  let child: Child;
  try {
    child = startProgram(program);
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    throw failure(`${program.path}: ${cause.words}`, cause);
  }
  try {
    return await waitExitAsync(child.pidfd);
  } finally {
    closeFile(child.pidfd);
  }
}

/** From the beginning: the position in the file is shared with ps, which has written up to it. */
function readMemory(file: number): string {
  if (descriptorStatus(file).size > MOST_OUTPUT) throw failure('it printed more than 256 MiB');
  return readText(`/proc/self/fd/${file}`);
}

function failure(detail: string, cause?: unknown): RuntimeError {
  return new RuntimeError({ operation: 'run ps', detail, cause });
}
