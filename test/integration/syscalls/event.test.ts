import { readlinkSync, writeSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventfd, readEventAsync } from '../../../src/syscalls/event.ts';
import { closeLater } from './support.ts';

const ONE = new BigUint64Array([1n]);

function open(): number {
  const descriptor = eventfd();
  closeLater(descriptor);
  return descriptor;
}

describe('eventfd', () => {
  test('is what it says', () => {
    expect(readlinkSync(`/proc/self/fd/${open()}`)).toBe('anon_inode:[eventfd]');
  });
});

describe('readEventAsync', () => {
  test('waits for an event', async () => {
    const descriptor = open();
    let has = false;
    const read = readEventAsync(descriptor).then(() => {
      has = true;
    });
    // Timers, promises and what other threads report get their turn meanwhile.
    await new Promise(setImmediate);
    expect(has).toBe(false);
    writeSync(descriptor, ONE);
    await read;
  });

  test('takes events that came before it for one', async () => {
    const descriptor = open();
    writeSync(descriptor, ONE);
    writeSync(descriptor, ONE);
    await readEventAsync(descriptor);
    const next = readEventAsync(descriptor);
    writeSync(descriptor, ONE);
    await next;
  });

  test('refuses what is not open', async () => {
    await expect(readEventAsync(999_999)).rejects.toMatchObject({ syscall: 'read', code: 'EBADF' });
    await expect(readEventAsync(-1)).rejects.toThrow(TypeError);
  });
});
