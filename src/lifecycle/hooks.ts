import { spawn } from 'node:child_process';
import { closeSync, readSync } from 'node:fs';
import { RuntimeError } from '../error.ts';
import type { Hook, HookKind } from '../spec/types.ts';
import { memfd } from '../syscalls/memfd.ts';
import { socketpair } from '../syscalls/socket.ts';
import { pollExitAsync } from '../syscalls/wait.ts';

/** How much of what a hook prints goes into the message, in bytes. */
const KEPT_OUTPUT = 1024;

/**
 * Runs the hooks of one kind in the namespaces of the runtime, one after the other (config.md, "POSIX-platform
 * Hooks"): each with its own arguments and nothing but its own environment, the state on its standard input.
 *
 * @param state the container's state as JSON
 * @param pointer of the list in config.json
 * @throws RuntimeError for the first one that cannot be started, exits with another code than 0, or takes too long;
 *   those behind it are not run
 */
export async function runRuntimeHooks(
  hooks: readonly Hook[],
  kind: HookKind,
  state: string,
  pointer: string,
  { directory = '/', init }: HookSurroundings = {},
): Promise<void> {
  for (const [index, hook] of hooks.entries()) {
    const failure = await runHook(hook, state, directory, init);
    if (failure === undefined) continue;
    throw new RuntimeError({
      operation: `${kind} hook ${hook.path}`,
      detail: failure.detail,
      code: failure.code,
      pointer: `${pointer}/${index}`,
    });
  }
}

export interface HookSurroundings {
  /** In which they are started: the bundle. */
  readonly directory?: string;
  /** Pidfd of the container's init: its end ends the hook, which then has nothing left to work on. */
  readonly init?: number | undefined;
}

interface HookFailure {
  readonly detail: string;
  readonly code?: string | undefined;
}

/** The longest time that a timer of the platform can take; nobody waits 24 days for a hook. */
const LONGEST_MS = 0x7fffffff;

/**
 * The state is a memory file, so that a hook can open /dev/stdin and need not read it; so is what it prints, because
 * pipes of the platform are sockets, which /dev/stderr cannot be opened of.
 */
async function runHook(
  hook: Hook,
  state: string,
  directory: string,
  init: number | undefined,
): Promise<HookFailure | undefined> {
  const input = memfd('runts-hook-state', Buffer.from(state), true);
  const output = memfd('runts-hook-output', new Uint8Array(), false);
  try {
    const failure = await waitForHook(hook, { directory, init, input, output });
    if (failure === undefined) return undefined;
    const said = firstOf(output);
    return said === '' ? failure : { ...failure, detail: `${failure.detail}: ${said}` };
  } finally {
    closeSync(input);
    closeSync(output);
  }
}

interface HookFiles {
  readonly directory: string;
  readonly init: number | undefined;
  readonly input: number;
  readonly output: number;
}

function waitForHook(
  hook: Hook,
  { directory, init, input, output }: HookFiles,
): Promise<HookFailure | undefined> {
  const [name = hook.path, ...args] = hook.args ?? [];
  const env = Object.fromEntries((hook.env ?? []).map(splitVariable));
  return new Promise((resolve, reject) => {
    const stdio = [input, output, output];
    const child = spawn(hook.path, args, { argv0: name, env, cwd: directory, stdio });
    let isLate = false;
    const timer =
      hook.timeout === undefined
        ? undefined
        : setTimeout(
            () => {
              isLate = true;
              child.kill('SIGKILL');
            },
            Math.min(Number(hook.timeout) * 1000, LONGEST_MS),
          );
    let isOrphaned = false;
    const watch =
      init === undefined
        ? undefined
        : watchEnd(init, () => {
            isOrphaned = true;
            child.kill('SIGKILL');
          });
    const finish = (failure: HookFailure | undefined) => {
      clearTimeout(timer);
      Promise.resolve(watch?.stop()).then(() => resolve(failure), reject);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      finish({ detail: IN_WORDS[error.code ?? ''] ?? error.message, code: error.code });
    });
    child.once('exit', (code, signal) => {
      if (isLate) {
        const detail = `did not end within its timeout of ${hook.timeout} s`;
        finish({ detail, code: 'ETIMEDOUT' });
      } else if (isOrphaned) {
        finish({ detail: 'ended, because the container did', code: 'ESRCH' });
      } else if (signal !== null) {
        finish({ detail: `killed by ${signal}` });
      } else {
        finish(code === 0 ? undefined : { detail: `exit status ${code}` });
      }
    });
  });
}

/** Calls back when a process ends, until it is stopped. */
function watchEnd(pidfd: number, onEnd: () => void): { stop(): Promise<void> } {
  const [ours, theirs] = socketpair();
  const watched = pollExitAsync(pidfd, -1, theirs).then((hasEnded) => {
    if (hasEnded) onEnd();
  });
  return {
    async stop() {
      closeSync(ours);
      try {
        await watched;
      } finally {
        closeSync(theirs);
      }
    },
  };
}

/** The begin of what a hook has printed, on one line. */
function firstOf(output: number): string {
  const buffer = Buffer.alloc(KEPT_OUTPUT);
  const size = readSync(output, buffer, 0, KEPT_OUTPUT, 0);
  return buffer.toString('utf8', 0, size).trim().replaceAll(/\s+/g, ' ');
}

function splitVariable(variable: string): [string, string] {
  const at = variable.indexOf('=');
  return at < 0 ? [variable, ''] : [variable.slice(0, at), variable.slice(at + 1)];
}

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory: is the path right, and is its interpreter there?',
  EACCES: 'permission denied: is it executable, and its file system not mounted with noexec?',
  ENOEXEC: 'exec format error: a script needs a first line such as #!/bin/sh',
};
