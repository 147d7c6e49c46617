import { describe, expect, test } from 'vitest';
import { openMailbox } from '../../../src/lifecycle/mailbox.ts';

describe('openMailbox', () => {
  test('gives what was put, in that order', async () => {
    const mail = openMailbox<number>();
    mail.put(1);
    mail.put(2);
    expect([await mail.take(), await mail.take()]).toEqual([1, 2]);
  });

  test('waits for what comes later', async () => {
    const mail = openMailbox<string>();
    const taken = mail.take();
    mail.put('late');
    expect(await taken).toBe('late');
  });

  test('follows a source up to its last item', async () => {
    const mail = openMailbox<string>();
    const items = ['a', 'end', 'never'];
    mail.follow(async () => items.shift() ?? 'empty', 'end');
    expect([await mail.take(), await mail.take()]).toEqual(['a', 'end']);
    expect(items).toEqual(['never']);
  });

  test('throws the failure of a source behind what came before it', async () => {
    const mail = openMailbox<string>();
    const items = ['a'];
    mail.follow(async () => {
      const item = items.shift();
      if (item === undefined) throw new Error('broken');
      return item;
    }, 'end');
    expect(await mail.take()).toBe('a');
    await expect(mail.take()).rejects.toThrow('broken');
  });
});
