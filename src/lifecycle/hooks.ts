import { encodeText } from '../bytes.ts';
import { RuntimeError } from '../error.ts';
import type { Hook, HookKind } from '../spec/types.ts';
import { closeFile } from '../syscalls/files.ts';
import { memfd } from '../syscalls/memfd.ts';
import { pipe } from '../syscalls/pipe.ts';
import { readBegin } from './read-begin.ts';
import { watch } from './watch.ts';

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
 * The state is a memory file and the output goes into a pipe, because a hook can open /dev/stdin and /dev/stderr of
 * those; what the platform makes itself are sockets.
 */
async function runHook(
  hook: Hook,
  state: string,
  directory: string,
  init: number | undefined,
): Promise<HookFailure | undefined> {
  const input = memfd('runts-hook-state', encodeText(state), true);
  const [output, outputEnd] = pipe();
  const reader = readBegin(output);
  try {
    const failure = await waitForHook(hook, { directory, init, input, output: outputEnd });
    const said = await reader.stop();
    if (failure === undefined || said === '') return failure;
    return { ...failure, detail: `${failure.detail}: ${said}` };
  } finally {
    await reader.stop();
    // A program that the hook left behind gets SIGPIPE from now on.
    for (const descriptor of [input, output, outputEnd]) closeFile(descriptor);
  }
}

interface HookFiles {
  readonly directory: string;
  readonly init: number | undefined;
  readonly input: number;
  readonly output: number;
}

async function waitForHook(
  hook: Hook,
  { directory, init, input, output }: HookFiles,
): Promise<HookFailure | undefined> {
  // Most containers have no hooks, and to load this takes half a millisecond.
  const { spawn } = await import('node:child_process');
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
    const guard =
      init === undefined
        ? undefined
        : watch(init, () => {
            isOrphaned = true;
            child.kill('SIGKILL');
            return false;
          });
    const finish = (failure: HookFailure | undefined) => {
      clearTimeout(timer);
      Promise.resolve(guard?.stop()).then(() => resolve(failure), reject);
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

function splitVariable(variable: string): [string, string] {
  const at = variable.indexOf('=');
  return at < 0 ? [variable, ''] : [variable.slice(0, at), variable.slice(at + 1)];
}

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory: is the path right, and is its interpreter there?',
  EACCES: 'permission denied: is it executable, and its file system not mounted with noexec?',
  ENOEXEC: 'exec format error: a script needs a first line such as #!/bin/sh',
};
