import { describe, expect, test } from 'vitest';
import { killContainer } from '../../../src/lifecycle/kill.ts';
import { readProcess } from '../../../src/lifecycle/procfs.ts';
import { aContext, aProcess, saveContainer } from './a-container.ts';

const SIGTERM = 15;
const SIGKILL = 9;

describe('killContainer', () => {
  test('signals init', async () => {
    const context = aContext();
    const { identity, line } = await aProcess();
    await saveContainer(context, identity);
    const answer = line();
    await killContainer(context, { id: 'web', signal: SIGTERM, all: false });
    expect(await answer).toBe('TERM\n');
  });

  test('ends init by SIGKILL, after which it is not running', async () => {
    const context = aContext();
    const { identity, ended } = await aProcess();
    await saveContainer(context, identity);
    await killContainer(context, { id: 'web', signal: SIGKILL, all: false });
    expect(await ended).toEqual([null, 'SIGKILL']);
    await expect(
      killContainer(context, { id: 'web', signal: SIGTERM, all: false }),
    ).rejects.toThrow(/^container not running: no such process$/);
  });

  test('never touches a process that only has the pid of init', async () => {
    const context = aContext();
    const { identity } = await aProcess();
    await saveContainer(context, { ...identity, startTime: '1' });
    await expect(
      killContainer(context, { id: 'web', signal: SIGKILL, all: false }),
    ).rejects.toThrow('container not running');
    expect(readProcess(identity.pid)?.hasEnded).toBe(false);
  });

  test('says that there is no such container', async () => {
    await expect(
      killContainer(aContext(), { id: 'web', signal: SIGTERM, all: false }),
    ).rejects.toThrow(/^container does not exist$/);
  });
});
