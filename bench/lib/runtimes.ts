import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { find } from '../../scripts/lib/debian.mjs';
import type { Command } from './command.ts';
import type { CgroupV1View } from './private-mounts.ts';
import type { RuntimeName } from './report.ts';
import type { Workspace } from './workspace.ts';

export interface Runtime {
  readonly name: RuntimeName;
  readonly version: string;
  readonly program: string;
  /** Its state directory. */
  readonly state: string;
  /** What has to stand before a program that calls the runtime; nothing of it is measured. */
  readonly enter: readonly string[];
}

/**
 * Copies of the programs are measured: nobody replaces them meanwhile, and all of them are in the page cache in large
 * folios, as freshly written files are. What that was before depends on how a file came there, and shows in the time of
 * a start.
 *
 * @param runts the binary
 */
export function openRuntimes(runts: string, workspace: Workspace, view: CgroupV1View): Runtime[] {
  return [
    open('runts', runts, workspace, []),
    open('runc', installed('runc'), workspace, []),
    open('crun', installed('crun'), workspace, view.enter),
  ];
}

/** @returns a call of the runtime, without `enter` */
export function call({ program, state }: Runtime, ...args: string[]): Command {
  return [program, '--root', state, ...args];
}

function open(
  name: RuntimeName,
  original: string,
  workspace: Workspace,
  enter: readonly string[],
): Runtime {
  const program = join(workspace.folder, name);
  copyFileSync(original, program);
  const said = execFileSync(program, ['--version'], { encoding: 'utf8' });
  // Ours speaks of runc first, for engines that look for that.
  const line = said.split('\n').find((text) => text.startsWith(`${name} version`)) ?? name;
  const version = line.replace(' version', '');
  return { name, version, program, state: workspace.makeState(name), enter };
}

function installed(name: string): string {
  const program = find(name);
  if (program === undefined) throw new Error(`${name} is not installed`);
  return program;
}
