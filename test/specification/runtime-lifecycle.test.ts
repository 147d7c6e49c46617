import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Changes, Section } from '../lib/config.ts';
import { useSandbox } from '../lib/sandbox.ts';
import type { ClauseId } from './clauses.ts';
import { must } from './must.ts';

const sandbox = useSandbox();

/** A hook on the host that writes a word to a file. */
const note = (file: string, word: string, status = 0): Section => ({
  path: '/bin/sh',
  args: ['sh', '-c', `echo ${word} >> ${file}; exit ${status}`],
});

/** What has been noted, one word per hook. */
const notes = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];

const DURING_CREATE = [
  ['lifecycle.prestart', 'prestart'],
  ['lifecycle.create-runtime', 'createRuntime'],
  ['lifecycle.create-container', 'createContainer'],
] as const satisfies (readonly [ClauseId, string])[];

for (const [clause, kind] of DURING_CREATE) {
  must(clause, async () => {
    const file = join(sandbox().folder, 'notes');
    const good = sandbox().container({ hooks: { [kind]: [note(file, 'ran')] } });
    await good.create();
    expect(notes(file)).toEqual(['ran']);

    const hooks = {
      [kind]: [note(file, 'failed', 1), note(file, 'never')],
      poststop: [note(file, 'after')],
    };
    const bad = sandbox().container({ hooks, args: ['sh', '-c', 'echo > /data/output'] });
    const { status, stderr } = await bad.tryCreate();
    expect(status).not.toBe(0);
    expect(stderr).not.toBe('');
    expect(notes(file)).toEqual(['ran', 'failed', 'after']);
    expect((await bad.tryState()).status).not.toBe(0);
    await good.delete('--force');
    expect(sandbox().leftovers()).toEqual([]);
  });
}

must('lifecycle.start-container', async () => {
  const inside = (word: string, status = 0): Section => ({
    path: '/bin/sh',
    args: ['sh', '-c', `echo ${word} >> /data/notes; exit ${status}`],
  });
  const args = ['sh', '-c', 'echo program >> /data/notes'];
  const good = sandbox().container({ args, hooks: { startContainer: [inside('hook')] } });
  await good.create();
  expect(existsSync(join(good.rootfs, 'data/notes'))).toBe(false);
  await good.start();
  await good.ended();
  expect(good.read('data/notes')).toBe('hook\nprogram\n');

  const bad = sandbox().container({
    args,
    hooks: { startContainer: [inside('failed', 1), inside('never')] },
  });
  await bad.create();
  expect((await bad.tryStart()).status).not.toBe(0);
  expect(bad.read('data/notes')).toBe('failed\n');
});

must('lifecycle.poststart', async () => {
  const file = join(sandbox().folder, 'notes');
  const changes = (status: number): Changes => ({
    args: ['sleep', '1000'],
    hooks: { poststart: [note(file, 'ran', status), note(file, 'second')] },
  });
  const good = sandbox().container(changes(0));
  await good.create();
  expect(notes(file)).toEqual([]);
  await good.start();
  expect(notes(file)).toEqual(['ran', 'second']);

  const bad = sandbox().container(changes(1));
  await bad.create();
  const { pid } = await bad.state();
  expect((await bad.tryStart()).status).not.toBe(0);
  expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
});

describe('after the end', () => {
  must(['lifecycle.poststop', 'warnings.continue'], async () => {
    const file = join(sandbox().folder, 'notes');
    const container = sandbox().container({
      hooks: { poststop: [note(file, 'failed', 1), note(file, 'second')] },
    });
    await container.create();
    await container.start();
    await container.ended();
    expect(notes(file)).toEqual([]);
    await container.delete();
    expect(notes(file)).toEqual(['failed', 'second']);
    expect(sandbox().leftovers()).toEqual([]);
  });
});
