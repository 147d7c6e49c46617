import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createForTest, startInside, startShell } from './support.ts';

const MEBIBYTE = 1024 * 1024;
/** Touches more memory than it may have. */
const GREEDY = 'head -c 100M /dev/zero | tail > /dev/null';

test('a watch tells that memory has run out', async () => {
  const manager = createForTest();
  manager.apply({ memory: { limit: 16 * MEBIBYTE, swap: 16 * MEBIBYTE } });
  const watch = manager.watchOom();
  const shell = startShell(GREEDY);
  manager.join(shell.pid);
  const next = watch?.next();
  shell.start();
  expect(await next).toBe('oom');
  // The kernel tells before it kills, and counts when it does.
  await shell.ended();
  expect(manager.hasOomKilled()).toBe(true);
  await watch?.close();
});

test('a watch ends when the cgroup is removed', async () => {
  const manager = createForTest();
  const watch = manager.watchOom();
  const next = watch?.next();
  await manager.remove();
  expect(await next).toBe('removed');
  await watch?.close();
});

test('a watch that is closed ends, whoever waits', async () => {
  const watch = createForTest().watchOom();
  const next = watch?.next();
  await watch?.close();
  expect(await next).toBe('removed');
  await watch?.close();
  expect(await watch?.next()).toBe('removed');
});

test('watches leave no descriptor behind', async () => {
  const manager = createForTest();
  await manager.watchOom()?.close();
  const before = readdirSync('/proc/self/fd').length;
  for (let round = 0; round < 100; round++) {
    const watch = manager.watchOom();
    const next = watch?.next();
    await watch?.close();
    await next;
  }
  expect(readdirSync('/proc/self/fd')).toHaveLength(before);
});

test('a cgroup that is gone can be neither watched nor counted', async () => {
  const manager = createForTest();
  await manager.remove();
  const gone = expect.objectContaining({ code: 'ENOENT' });
  expect(() => manager.watchOom()).toThrow(gone);
  expect(() => manager.stats()).toThrow(gone);
});

test('stats count the processes that are there', () => {
  const manager = createForTest();
  startInside(manager);
  startInside(manager);
  expect(manager.stats().pids).toEqual({ current: 2 });
});
