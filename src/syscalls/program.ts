import { encodeText } from '../bytes.ts';
import { checkDescriptor, checkText } from './check.ts';
import { native } from './native.ts';
import type { Child } from './spawn.ts';

/** A program of the host, and what it begins with. */
export interface Program {
  /** As execve(2) takes it: it is not searched for. */
  readonly path: string;
  /** Its name, by custom, and its arguments. */
  readonly args: readonly string[];
  /** `name=value`, all of it. */
  readonly environment: readonly string[];
  /** The working directory. */
  readonly directory: string;
  /** Its descriptors 0, 1 and 2; there are no others. */
  readonly stdio: readonly [input: number, output: number, error: number];
}

/**
 * Starts a program as a child process, with no blocked signal and every signal at its default action (execve(2)). The
 * caller keeps its own descriptors and reaps the child (`waitExit`).
 *
 * @throws SyscallError `clone`, `fcntl(…)`, `dup3`, `close_range`, `chdir`, `execve`; there is no child then.
 */
export function startProgram({ path, args, environment, directory, stdio }: Program): Child {
  const [input, output, error] = stdio;
  const [pid, pidfd] = native.startProgram(
    checkText(path, 'path'),
    joinTexts(args, 'args'),
    joinTexts(environment, 'environment'),
    checkText(directory, 'directory'),
    checkDescriptor(input, 'standard input'),
    checkDescriptor(output, 'standard output'),
    checkDescriptor(error, 'standard error'),
  );
  return { pid, pidfd };
}

/** @returns each text with a NUL behind it */
function joinTexts(texts: readonly string[], name: string): Uint8Array {
  for (const text of texts) if (text !== '') checkText(text, name);
  return encodeText(texts.map((text) => `${text}\0`).join(''));
}
