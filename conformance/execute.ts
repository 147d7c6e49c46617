/** Runs one program of the suite against the runtime, in a folder and with a state directory of its own. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './expectations.ts';
import type { Program } from './programs.ts';
import { readTap } from './tap.ts';

export interface Place {
  /** Folder of the built suite. */
  readonly suite: string;
  /** Path of the runtime. */
  readonly runtime: string;
  /** Own temporary folder. */
  readonly work: string;
}

/** The slowest program takes 14 s: this only ends one that hangs. */
const TIME_LIMIT = 90_000;

/**
 * @returns what the program came to; what it left behind has been removed
 */
export async function execute(program: Program, { suite, runtime, work }: Place): Promise<Outcome> {
  const folder = join(work, program.name);
  const temporary = join(folder, 'tmp');
  const state = join(folder, 'state');
  mkdirSync(temporary, { recursive: true });
  const wrapper = join(folder, 'runtime');
  writeFileSync(wrapper, `#!/bin/sh\nexec ${quote(runtime)} --root ${quote(state)} "$@"\n`, {
    mode: 0o755,
  });

  const { output, text, trouble } = await runProgram(join(suite, program.file), suite, {
    ...process.env,
    RUNTIME: wrapper,
    TMPDIR: temporary,
  });
  const leftovers = [...removeContainers(wrapper, state), ...removeMounts(folder)];
  rmSync(folder, { recursive: true, force: true });
  return { ...readTap(output), text, trouble, leftovers };
}

interface Ended {
  readonly output: string;
  readonly text: string;
  readonly trouble: string | undefined;
}

function runProgram(file: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaints = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, TIME_LIMIT);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const how = timedOut ? `still running after ${TIME_LIMIT / 1000} s` : (signal ?? code);
      const trouble = code === 0 ? undefined : `${how}: ${complaints.trim()}`;
      resolve({ output, text: output + complaints, trouble });
    });
  });
}

/** Programs that gave up half-way leave their containers: those are theirs, not the runtime's doing. */
function removeContainers(wrapper: string, state: string): string[] {
  const ids = existsSync(state) ? readdirSync(state).filter((name) => !name.startsWith('.')) : [];
  return ids
    .map((id) => ({ id, ended: spawnSync(wrapper, ['delete', '--force', id]) }))
    .filter(({ id, ended }) => ended.status !== 0 || existsSync(join(state, id)))
    .map(({ id, ended }) => `container ${id} after delete --force: ${complaint(ended)}`);
}

const complaint = (ended: SpawnSyncReturns<Buffer>): string =>
  ended.stderr?.toString().trim() || `exit status ${ended.status}`;

/** Nothing of a container may be mounted outside of it. */
function removeMounts(folder: string): string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of points.toReversed()) spawnSync('umount', ['--lazy', point]);
  return points.map((point) => `mount on ${point.slice(folder.length)}`);
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
