import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listContainers } from '../../../src/lifecycle/list.ts';
import { openStore } from '../../../src/lifecycle/store.ts';
import { aContext, aProcess, saveContainer } from './a-container.ts';

describe('listContainers', () => {
  test('tells all containers, those that are half made or damaged too', async () => {
    const context = aContext();
    const store = openStore(context.root);
    const { identity } = await aProcess();
    await saveContainer(context, { id: 'running', ...identity });
    await saveContainer(context, { id: 'stopped' });
    (await store.reserve('half')).release();
    const busy = await store.reserve('busy');
    (await store.reserve('damaged')).release();
    writeFileSync(store.file('damaged', 'record'), '{}');

    const states = await listContainers(context);
    busy.release();
    expect(states.map(({ id, pid, status }) => [id, pid, status])).toEqual([
      ['busy', 0, 'creating'],
      ['damaged', 0, 'stopped'],
      ['half', 0, 'stopped'],
      ['running', identity.pid, 'running'],
      ['stopped', 0, 'stopped'],
    ]);
    expect(context.lines).toEqual([
      expect.stringMatching(/^warning: container damaged: .*state\.json is damaged/),
    ]);
  });

  test('is empty where nothing was ever made', async () => {
    expect(await listContainers(aContext())).toEqual([]);
  });
});
