import type { Changes } from '../../lib/config.ts';
import { type Container, succeed } from '../../lib/container.ts';
import type { Ended, StartOptions } from '../../lib/runtime.ts';
import type { Sandbox } from '../../lib/sandbox.ts';

/** A container whose program does nothing until it is killed. */
export async function started(sandbox: Sandbox, changes: Changes = {}): Promise<Container> {
  const container = sandbox.container({ args: ['sleep', '100000'], ...changes });
  await container.create();
  await container.start();
  return container;
}

/** `exec` in the foreground. */
export function tryExec(
  { sandbox, id }: Container,
  command: readonly string[],
  flags: readonly string[] = [],
  options: StartOptions = {},
): Promise<Ended> {
  return sandbox.run(['exec', ...flags, id, ...command], options);
}

/** @returns what the program prints, without the last newline; it has to end with 0 */
export async function exec(
  container: Container,
  command: readonly string[],
  ...flags: string[]
): Promise<string> {
  return succeed('exec', await tryExec(container, command, flags)).stdout.replace(/\n$/, '');
}

/** @returns what a shell command prints */
export const shell = (container: Container, script: string, ...flags: string[]): Promise<string> =>
  exec(container, ['sh', '-c', script], ...flags);
