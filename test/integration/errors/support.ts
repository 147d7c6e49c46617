import { expect } from 'vitest';
import { type Ended, RUNTIME, runToEnd } from '../../lib/runtime.ts';
import type { Sandbox } from '../../lib/sandbox.ts';

/**
 * Asserts that a command failed with exactly this text on standard error, and that nothing is left of the container.
 *
 * @param text `DIR` stands for the sandbox's folder, `CGROUP` for its cgroup path; `runts:` and the like included
 */
export function expectError(sandbox: Sandbox, { status, stdout, stderr }: Ended, text: string) {
  const said = stderr
    .replaceAll(sandbox.folder, 'DIR')
    .replaceAll(sandbox.cgroup, 'CGROUP')
    .replaceAll(/\/c\d+-\d+/g, '/ID');
  expect({ status, stdout, stderr: said }).toEqual({ status: 1, stdout: '', stderr: `${text}\n` });
  expect(sandbox.leftovers()).toEqual([]);
}

/** Runs the runtime below another program, such as unshare(1), which changes what it may or can see. */
export function runBelow(
  sandbox: Sandbox,
  [program, ...args]: readonly [string, ...string[]],
  command: readonly string[],
  root = sandbox.root,
): Promise<Ended> {
  const all = [...args, RUNTIME, '--root', root, ...command];
  return runToEnd(all, `${sandbox.folder}/io`, {}, program);
}

/** A shell script in a mount namespace of its own, which ends in starting the runtime: nothing reaches the machine. */
export function inMountNamespace(script: string): readonly [string, ...string[]] {
  return ['unshare', '--mount', 'sh', '-ec', `${script}\nexec "$@"`, 'sh'];
}
