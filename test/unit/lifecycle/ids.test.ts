import { describe, expect, test } from 'vitest';
import { checkId, isId } from '../../../src/lifecycle/ids.ts';

describe('checkId', () => {
  test.each(['a', 'web-1', 'A_b+c.d', '...', '.hidden', '-dash', 'x'.repeat(255)])(
    'accepts %j',
    (id) => {
      expect(() => checkId(id)).not.toThrow();
      expect(isId(id)).toBe(true);
    },
  );

  test.each([
    '',
    '.',
    '..',
    'a/b',
    '../a',
    'a b',
    'a\n',
    'a\0',
    'ä',
    'a,b',
    'a:b',
    'x'.repeat(256),
  ])('refuses %j in the words of runc, on one line', (id) => {
    expect(() => checkId(id)).toThrow(/^invalid container ID format: [^\n]+$/);
    expect(isId(id)).toBe(false);
  });
});
