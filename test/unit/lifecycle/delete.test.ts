import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deleteContainer } from '../../../src/lifecycle/delete.ts';
import { readProcess } from '../../../src/lifecycle/procfs.ts';
import { openStore } from '../../../src/lifecycle/store.ts';
import { aContext, aProcess, saveContainer } from './a-container.ts';
import { temporaryDirectory } from './temporary.ts';

const remaining = ({ root }: { readonly root: string }) => openStore(root).list();

describe('deleteContainer', () => {
  test('removes a container that has stopped', async () => {
    const context = aContext();
    await saveContainer(context);
    await deleteContainer(context, { id: 'web', force: false });
    expect(remaining(context)).toEqual([]);
  });

  test('refuses one that runs, and leaves it alone', async () => {
    const context = aContext();
    const { identity } = await aProcess();
    await saveContainer(context, identity);
    await expect(deleteContainer(context, { id: 'web', force: false })).rejects.toThrow(
      /^cannot delete container web that is not stopped: running$/,
    );
    expect(readProcess(identity.pid)?.hasEnded).toBe(false);
    expect(remaining(context)).toEqual(['web']);
  });

  test('by force ends the process first, and waits for its end', async () => {
    const context = aContext();
    const { identity, ended } = await aProcess();
    await saveContainer(context, identity);
    await deleteContainer(context, { id: 'web', force: true });
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(remaining(context)).toEqual([]);
  });

  test('by force never ends a process that only has the pid of init', async () => {
    const context = aContext();
    const { identity } = await aProcess();
    await saveContainer(context, { ...identity, startTime: '1' });
    await deleteContainer(context, { id: 'web', force: true });
    expect(readProcess(identity.pid)?.hasEnded).toBe(false);
  });

  test('of one container leaves another one alone that has its id by now', async () => {
    const context = aContext();
    const { identity } = await aProcess();
    const now = await saveContainer(context, identity);
    const before = { ...now, pid: identity.pid + 1 };
    const earlier = { ...now, startTime: '1' };
    await deleteContainer(context, { id: 'web', force: true, only: before });
    await deleteContainer(context, { id: 'web', force: true, only: earlier });
    expect(readProcess(identity.pid)?.hasEnded).toBe(false);
    expect(remaining(context)).toEqual(['web']);
    await deleteContainer(context, { id: 'web', force: true, only: now });
    expect(remaining(context)).toEqual([]);
    await deleteContainer(context, { id: 'web', force: true, only: now });
  });

  test('of what is not there fails, but not by force', async () => {
    const context = aContext();
    await expect(deleteContainer(context, { id: 'web', force: false })).rejects.toThrow(
      /^container does not exist$/,
    );
    await deleteContainer(context, { id: 'web', force: true });
  });

  test('by force removes a container of which a killed create left only the directory', async () => {
    const context = aContext();
    (await openStore(context.root).reserve('web')).release();
    await expect(deleteContainer(context, { id: 'web', force: false })).rejects.toThrow(
      'only half made',
    );
    await deleteContainer(context, { id: 'web', force: true });
    expect(remaining(context)).toEqual([]);
  });

  test('removes, also without force, a container whose create was killed with a record', async () => {
    const context = aContext();
    await saveContainer(context, { stage: 'creating' });
    await deleteContainer(context, { id: 'web', force: false });
    expect(remaining(context)).toEqual([]);
  });

  test('by force removes a container with a damaged record, and says so in the log', async () => {
    const context = aContext();
    await saveContainer(context);
    writeFileSync(openStore(context.root).file('web', 'record'), '');
    await expect(deleteContainer(context, { id: 'web', force: false })).rejects.toThrow(
      'state.json is damaged: it is empty',
    );
    await deleteContainer(context, { id: 'web', force: true });
    expect(remaining(context)).toEqual([]);
    expect(context.lines).toEqual([
      expect.stringMatching(/^warning: .*state\.json is damaged: it is empty/),
    ]);
  });

  test('runs every poststop hook when the container is gone; one that fails is a warning', async () => {
    const context = aContext();
    const bundle = temporaryDirectory();
    const record = join(context.root, 'web');
    const hook = (script: string) => ({ path: '/bin/sh', args: ['sh', '-c', script] });
    mkdirSync(bundle, { recursive: true });
    await saveContainer(context, {
      bundle,
      hooks: {
        poststop: [hook('exit 3'), hook(`cat > seen; test -e ${record} || echo gone >> seen`)],
      },
    });
    await deleteContainer(context, { id: 'web', force: false });
    const [state = '', rest] = readFileSync(join(bundle, 'seen'), 'utf8').split('}gone');
    expect(JSON.parse(`${state}}`)).toMatchObject({ id: 'web', status: 'stopped' });
    expect(rest).toBe('\n');
    expect(context.lines).toEqual([
      'warning: config.json /hooks/poststop/0: poststop hook /bin/sh: exit status 3',
    ]);
  });
});
