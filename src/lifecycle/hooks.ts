import { encodeText } from '../bytes.ts';
import { RuntimeError } from '../error.ts';
import type { Hook, HookKind } from '../spec/types.ts';
import { SyscallError } from '../syscalls/error.ts';
import { closeFile } from '../syscalls/files.ts';
import { memfd } from '../syscalls/memfd.ts';
import { pipe } from '../syscalls/pipe.ts';
import { startProgram } from '../syscalls/program.ts';
import type { Child } from '../syscalls/spawn.ts';
import { type Exit, pidfdSendSignal, waitExitAsync } from '../syscalls/wait.ts';
import { errnoOf } from './fs-error.ts';
import { readBegin } from './read-begin.ts';
import { SIGKILL, signalName } from './signals.ts';
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

/** The longest time that a timer can take; nobody waits 24 days for a hook. */
const LONGEST_MS = 0x7fffffff;

/** The state is a memory file and the output goes into a pipe: a hook can open /dev/stdin and /dev/stderr of those. */
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

async function waitForHook(hook: Hook, files: HookFiles): Promise<HookFailure | undefined> {
  const { timeout } = hook;
  const { init } = files;
  let child: Child;
  try {
    child = startHook(hook, files);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return startFailure(error, files.directory);
  }
  let ended: HookFailure | undefined;
  const end = (why: HookFailure): void => {
    if (kill(child)) ended ??= why;
  };
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(
          () => {
            const detail = `did not end within its timeout of ${timeout} s`;
            end({ detail, code: 'ETIMEDOUT' });
          },
          Math.min(Number(timeout) * 1000, LONGEST_MS),
        );
  const guard =
    init === undefined
      ? undefined
      : watch(init, () => {
          end({ detail: 'ended, because the container did', code: 'ESRCH' });
          return false;
        });
  try {
    const exit = await waitExitAsync(child.pidfd);
    return ended ?? exitFailure(exit);
  } finally {
    clearTimeout(timer);
    await guard?.stop();
    closeFile(child.pidfd);
  }
}

function startHook({ path, args = [], env = [] }: Hook, files: HookFiles): Child {
  return startProgram({
    path,
    args: args.length === 0 ? [path] : args,
    environment: env,
    directory: files.directory,
    stdio: [files.input, files.output, files.output],
  });
}

/** @returns false where the hook has ended by itself, and is reaped */
function kill({ pidfd }: Child): boolean {
  try {
    pidfdSendSignal(pidfd, SIGKILL);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
    throw error;
  }
}

function exitFailure(exit: Exit): HookFailure | undefined {
  if ('signal' in exit) return { detail: `killed by ${signalName(exit.signal)}` };
  return exit.code === 0 ? undefined : { detail: `exit status ${exit.code}` };
}

function startFailure({ syscall, code, words }: SyscallError, directory: string): HookFailure {
  if (syscall === 'chdir') return { detail: `started in ${directory}: ${words}`, code };
  return { detail: IN_WORDS[code] ?? `${syscall}: ${words}`, code };
}

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory: is the path right, and is its interpreter there?',
  EACCES: 'permission denied: is it executable, and its file system not mounted with noexec?',
  ENOEXEC: 'exec format error: a script needs a first line such as #!/bin/sh',
};
