import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { waitForEnd } from '../../lib/processes.ts';
import { type Ended, RUNTIME, runToEnd } from '../../lib/runtime.ts';
import { type Sandbox, useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

const RUNC = '/usr/sbin/runc';
const STATES = ['created', 'running', 'paused', 'stopped', 'missing'] as const;
type State = (typeof STATES)[number];

/** What changes nothing that another call looks at comes first. */
const CALLS: readonly (readonly string[])[] = [
  ['ps'],
  ['ps', '--format', 'json'],
  ['events', '--stats'],
  ['update', '--pids-limit', '40'],
  ['resume'],
  ['pause'],
  ['pause'],
  ['resume'],
];

interface Outcome {
  readonly state: State;
  readonly call: string;
  readonly status: number;
  /** The message alone. */
  readonly message: string;
}

/** Makes a container in each state, and has each call made on each. */
async function tryAll(box: Sandbox, program: string): Promise<Outcome[]> {
  const run = (...args: string[]): Promise<Ended> => {
    const root = join(box.folder, `root-of-${program.split('/').at(-1)}`);
    return runToEnd(['--root', root, ...args], join(box.folder, 'io'), {}, program);
  };
  const outcomes: Outcome[] = [];
  for (const state of STATES) {
    const args = state === 'stopped' ? ['true'] : ['sleep', '1000'];
    const { id, bundle } = box.container({ args, top: { ociVersion: '1.0.2' } });
    try {
      if (state !== 'missing') await run('create', '--bundle', bundle, id);
      if (state !== 'missing' && state !== 'created') await run('start', id);
      if (state === 'paused') await run('pause', id);
      if (state === 'stopped') await hasStopped(run, id);
      for (const call of CALLS) {
        const [verb = '', ...flags] = call;
        const { status, stderr } = await run(verb, ...flags, id);
        const text = /level=error msg="(.*)"/.exec(stderr)?.[1] ?? stderr.replace(/^runts: /, '');
        outcomes.push({ state, call: call.join(' '), status, message: withoutId(text, id) });
      }
    } finally {
      await run('delete', '--force', id);
    }
  }
  return outcomes;
}

const withoutId = (text: string, id: string): string => text.trim().replaceAll(id, 'ID');

async function hasStopped(run: (...args: string[]) => Promise<Ended>, id: string): Promise<void> {
  const { stdout } = await run('state', id);
  const { pid } = JSON.parse(stdout) as { pid: number };
  if (pid === 0) return;
  await waitForEnd(pid);
}

test('in every state each verb succeeds or fails as with runc, and its message begins with the words of runc', async ({
  skip,
}) => {
  skip(!existsSync(RUNC), 'runc is not installed: there is nothing to compare with');
  const theirs = await tryAll(sandbox(), RUNC);
  const ours = await tryAll(sandbox(), RUNTIME);
  const results = (outcomes: readonly Outcome[]) =>
    outcomes.map(({ state, call, status }) => ({ state, call, status }));
  expect(results(ours)).toEqual(results(theirs));
  for (const [index, { message }] of theirs.entries()) {
    expect(ours[index]?.message).toMatch(new RegExp(`^${message}`));
  }
});
