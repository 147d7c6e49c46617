import { spawn } from 'node:child_process';
import { RuntimeError } from '../error.ts';
import type { Hook, HookKind } from '../spec/types.ts';

/** How much of what a hook prints is kept for the message, in characters. */
const KEPT_OUTPUT = 2048;

/**
 * Runs the hooks of one kind in the namespaces of the runtime, one after the other (config.md, "POSIX-platform
 * Hooks"): each with its own arguments and nothing but its own environment, the state on its standard input.
 *
 * @param state the container's state as JSON
 * @param pointer of the list in config.json
 * @param directory in which they are started: the bundle
 * @throws RuntimeError for the first one that cannot be started, exits with another code than 0, or takes too long;
 *   those behind it are not run
 */
export async function runRuntimeHooks(
  hooks: readonly Hook[],
  kind: HookKind,
  state: string,
  pointer: string,
  directory = '/',
): Promise<void> {
  for (const [index, hook] of hooks.entries()) {
    const failure = await runHook(hook, state, directory);
    if (failure === undefined) continue;
    throw new RuntimeError({
      operation: `${kind} hook ${hook.path}`,
      detail: failure.detail,
      code: failure.code,
      pointer: `${pointer}/${index}`,
    });
  }
}

interface HookFailure {
  readonly detail: string;
  readonly code?: string | undefined;
}

function runHook(hook: Hook, state: string, directory: string): Promise<HookFailure | undefined> {
  const [name = hook.path, ...args] = hook.args ?? [];
  const env = Object.fromEntries((hook.env ?? []).map(splitVariable));
  const timeoutMs = hook.timeout === undefined ? undefined : Number(hook.timeout) * 1000;
  return new Promise((resolve) => {
    const child = spawn(hook.path, args, {
      argv0: name,
      env,
      cwd: directory,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (text: string) => {
      output = (output + text).slice(0, KEPT_OUTPUT);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    // A hook that does not read the state closes the pipe: that is its right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(state);

    let isLate = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            isLate = true;
            child.kill('SIGKILL');
          }, timeoutMs);
    const finish = (failure: HookFailure | undefined) => {
      clearTimeout(timer);
      // A program that the hook left behind may hold the other ends for ever.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(failure);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      finish({ detail: IN_WORDS[error.code ?? ''] ?? error.message, code: error.code });
    });
    child.once('exit', (code, signal) => {
      const said = output.trim() === '' ? '' : `: ${output.trim()}`;
      if (isLate) {
        const seconds = (timeoutMs ?? 0) / 1000;
        finish({
          detail: `did not end within its timeout of ${seconds} s${said}`,
          code: 'ETIMEDOUT',
        });
      } else if (signal !== null) {
        finish({ detail: `killed by ${signal}${said}` });
      } else {
        finish(code === 0 ? undefined : { detail: `exit status ${code}${said}` });
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
