/** The binary under test, started as an engine would start it. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { collect, type Stream } from './stream.ts';

/** RUNTS names another runtime, so that the tests can be tried against a peer. */
export const RUNTIME = resolve(
  process.env.RUNTS ?? fileURLToPath(new URL('../../dist/runts', import.meta.url)),
);

export interface Ended {
  /** Exit status, 128 + n after signal n. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Written to stdin, which is then closed; without it stdin is /dev/null. */
  readonly input?: string;
  /** Descriptors of this process that become 3, 4 … of the runtime. */
  readonly descriptors?: readonly number[];
}

const statusOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + constants.signals[signal ?? 'SIGKILL'];

/**
 * Runs a command to its end, with its output in files: a container that it leaves running holds them open, and
 * waiting for the end of a pipe would be waiting for the container.
 *
 * @param args of the runtime, or of another program
 * @param folder for the two files
 */
export async function runToEnd(
  args: readonly string[],
  folder: string,
  options: StartOptions = {},
  program: string = RUNTIME,
): Promise<Ended> {
  serial += 1;
  const files = ['out', 'err'].map((name) => join(folder, `${name}-${serial}`));
  const [out, err] = files.map((file) => openSync(file, 'w+'));
  const child = launch(program, args, options, [
    options.input === undefined ? 'ignore' : 'pipe',
    out ?? 'ignore',
    err ?? 'ignore',
    ...(options.descriptors ?? []),
  ]);
  for (const descriptor of [out, err]) if (descriptor !== undefined) closeSync(descriptor);
  child.stdin?.end(options.input);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const [stdout = '', stderr = ''] = files.map((file) => readFileSync(file, 'utf8'));
  return { status: statusOf(code, signal), stdout, stderr };
}

let serial = 0;

export interface Running {
  readonly pid: number;
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** The status, once the runtime itself has ended. */
  readonly status: Promise<number>;
  /** Signals the runtime itself. */
  signal(name: NodeJS.Signals): void;
}

/** Starts a command with pipes to all three standard streams, and returns at once. */
export function startPiped(
  args: readonly string[],
  options: StartOptions = {},
  program: string = RUNTIME,
): Running {
  const child = launch(program, args, options, ['pipe', 'pipe', 'pipe']);
  const { stdin, stdout, stderr, pid } = child;
  if (stdin === null || stdout === null || stderr === null || pid === undefined) {
    throw new Error(`${program} was not started`);
  }
  // A program that ends early closes its end; what the test has not yet written is then of no use.
  stdin.on('error', () => {});
  if (options.input !== undefined) stdin.end(options.input);
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    pid,
    stdin,
    stdout: collect(stdout),
    stderr: collect(stderr),
    status: ended.then(([code, signal]) => statusOf(code, signal)),
    signal: (name) => {
      child.kill(name);
    },
  };
}

function launch(
  program: string,
  args: readonly string[],
  { cwd, env }: StartOptions,
  stdio: StdioOptions,
): ChildProcess {
  return spawn(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio,
  });
}
