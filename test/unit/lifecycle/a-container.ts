import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Context } from '../../../src/lifecycle/options.ts';
import { readProcess } from '../../../src/lifecycle/procfs.ts';
import type { ContainerRecord } from '../../../src/lifecycle/record.ts';
import { openStore } from '../../../src/lifecycle/store.ts';
import { aRecord } from './a-record.ts';
import { temporaryDirectory } from './temporary.ts';

/** A context with a root of its own, and what was logged to it. */
export function aContext(): Context & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    root: join(temporaryDirectory(), 'root'),
    systemdCgroup: false,
    log: (level, message) => void lines.push(`${level}: ${message}`),
    lines,
  };
}

/** Saves a record as `create` does. */
export async function saveContainer(
  { root }: Context,
  changes: Partial<ContainerRecord> = {},
): Promise<ContainerRecord> {
  const store = openStore(root);
  const record = aRecord(changes);
  (await store.reserve(record.id)).release();
  store.save(record);
  return record;
}

/** A process that stands for init, ended after the test; it reports each TERM by a line. */
export async function aProcess(): Promise<{
  readonly child: ChildProcess;
  readonly identity: { readonly pid: number; readonly startTime: string };
  readonly ended: Promise<unknown[]>;
  readonly line: () => Promise<string>;
}> {
  // It waits for a process that waits for the end of stdin: in `wait` no signal comes too early, as in `read`.
  const script = [
    'trap "echo TERM" TERM; exec 3<&0; cat <&3 >/dev/null & exec 3<&-; echo ready',
    'while wait $!; [ $? -gt 128 ]; do :; done',
  ].join('\n');
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const line = async () => String((await once(child.stdout, 'data'))[0]);
  await line();
  const pid = child.pid ?? 0;
  return { child, identity: { pid, startTime: readProcess(pid)?.startTime ?? '' }, ended, line };
}
