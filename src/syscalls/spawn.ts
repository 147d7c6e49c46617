import { checkDescriptor, checkText } from './check.ts';
import { native } from './native.ts';

/** A child process: its pidfd is close-on-exec and owned by the caller. */
export interface Child {
  readonly pid: number;
  readonly pidfd: number;
}

/**
 * Starts the init helper from a sealed memory file.
 *
 * It sees descriptors 0, 1, 2 (`stdio`) and 3 (`control`) and no others, an empty environment, `name` as its only
 * argument, no blocked signal, and every signal at its default action. The caller keeps its own descriptors and reaps
 * the child (`waitExit`).
 *
 * @throws SyscallError `memfd_create`, `pwrite`, `fcntl(…)`, `clone`, `dup3`, `close_range`, `execveat`; there is no
 *   child then.
 */
export function spawnHelper(
  stdio: readonly [number, number, number],
  control: number,
  name: string,
): Child {
  const [input, output, error] = stdio;
  const [pid, pidfd] = native.spawnHelper(
    checkDescriptor(input, 'standard input'),
    checkDescriptor(output, 'standard output'),
    checkDescriptor(error, 'standard error'),
    checkDescriptor(control, 'control'),
    checkText(name, 'name'),
  );
  return { pid, pidfd };
}
