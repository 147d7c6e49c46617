import { expect } from 'vitest';
import { useSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const sandbox = useSandbox();

must('annotations.map', async () => {
  for (const annotations of [{ '': 'value' }, { name: 1 }, { name: null }, ['name']]) {
    const container = sandbox().container({ top: { annotations } });
    expect((await container.tryCreate()).status, JSON.stringify(annotations)).not.toBe(0);
  }
  expect(sandbox().leftovers()).toEqual([]);
});

must('annotations.unknown', async () => {
  const annotations = { 'org.opencontainers.nonsense': '', 'com.example.unknown': 'x' };
  const container = sandbox().container({ annotations });
  await container.create();
  expect((await container.state()).annotations).toEqual(annotations);
});

must('extensibility.unknown', async () => {
  const container = sandbox().container({
    args: ['echo', 'ran'],
    process: { unknown: { deep: [1] } },
    linux: { unknown: true },
    mounts: [{ destination: '/data', type: 'tmpfs', source: 'tmpfs', unknown: 1 }],
    top: { unknown: 'unknown', another: null },
  });
  expect(await container.output()).toBe('ran\n');
});
