import { expect, test } from 'vitest';
import { inRounds } from '../../../bench/lib/rounds.ts';
import type { Runtime } from '../../../bench/lib/runtimes.ts';

const RUNTIMES = (['runts', 'runc', 'crun'] as const).map(
  (name): Runtime => ({ name, version: name, program: name, state: '/nowhere', enter: [] }),
);

test('each round begins with another runtime', async () => {
  const order: string[] = [];
  await inRounds(RUNTIMES, 3, ({ name }) => {
    order.push(name);
    return {};
  });
  expect(order.join(' ')).toBe('runts runc crun runc crun runts crun runts runc');
});

test('values are kept by measurement, runtime and round', async () => {
  let value = 0;
  const { values } = await inRounds(RUNTIMES.slice(0, 2), 2, () => {
    value += 1;
    return { time: [value], memory: [10 * value] };
  });
  expect(values).toEqual({
    time: { runts: [[1], [4]], runc: [[2], [3]] },
    memory: { runts: [[10], [40]], runc: [[20], [30]] },
  });
});

test('a runtime that fails is told with its reason and left out from then on', async () => {
  let calls = 0;
  const { values, failures } = await inRounds(RUNTIMES, 3, ({ name }) => {
    if (name !== 'crun') return { time: [1] };
    calls += 1;
    throw new Error('no such cgroup');
  });
  expect(failures).toEqual({ crun: 'no such cgroup' });
  expect(calls).toBe(1);
  expect(values.time?.runts).toHaveLength(3);
  expect(values.time?.crun).toBeUndefined();
});
