import { describe, expect, test } from 'vitest';
import { containerEvents, containerStats } from '../../../src/lifecycle/events.ts';
import type { Context } from '../../../src/lifecycle/options.ts';
import { pauseContainer } from '../../../src/lifecycle/pause.ts';
import { resumeContainer } from '../../../src/lifecycle/resume.ts';
import { updateContainer } from '../../../src/lifecycle/update.ts';
import { aContext, aProcess, saveContainer } from './a-container.ts';

type Verb = (context: Context) => Promise<unknown>;

const VERBS: readonly [name: string, verb: Verb, ofStopped: string][] = [
  ['pause', (context) => pauseContainer(context, 'web'), 'container not running: no such process'],
  ['resume', (context) => resumeContainer(context, 'web'), 'container not paused: it is stopped'],
  [
    'events --stats',
    (context) => containerStats(context, 'web'),
    'container with id web is not running',
  ],
  [
    'events',
    (context) => containerEvents(context, { id: 'web', intervalMs: 1 }).next(),
    'container with id web is not running',
  ],
  [
    'update',
    (context) =>
      updateContainer(context, {
        id: 'web',
        resources: Buffer.from('{"pids": {"limit": 5}}'),
        name: 'test',
      }),
    'container not running: no such process',
  ],
];

describe.each(VERBS)('%s', (_name, verb, ofStopped) => {
  test('says that there is no such container', async () => {
    await expect(verb(aContext())).rejects.toThrow(/^container does not exist$/);
  });

  test('is refused when the container has stopped', async () => {
    const context = aContext();
    await saveContainer(context);
    await expect(verb(context)).rejects.toThrow(ofStopped);
  });
});

test.each(['pause', 'events --stats', 'events'])(
  '%s says that there is no cgroup to act on',
  async (name) => {
    const context = aContext();
    const { identity } = await aProcess();
    await saveContainer(context, identity);
    const [, verb] = VERBS.find(([other]) => other === name) ?? [];
    await expect(verb?.(context)).rejects.toThrow('container web has no cgroup of its own');
  },
);
