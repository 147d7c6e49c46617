import { describe, expect, test } from 'vitest';
import { concatBytes, decodeText, encodeText, viewOf } from '../../src/bytes.ts';

const TEXTS = ['', 'a', 'für', '€', '😀', '\ufeffmark', 'a\0b', '\ud800', '\udc00x'];

describe('a text', () => {
  test.each(TEXTS)('is the bytes that Node.js makes of it: %j', (text) => {
    expect(Buffer.from(encodeText(text))).toEqual(Buffer.from(text));
  });

  test.each(TEXTS)('comes back from its bytes: %j', (text) => {
    expect(decodeText(encodeText(text))).toBe(Buffer.from(text).toString());
  });

  test('has U+FFFD where the bytes are no UTF-8', () => {
    expect(decodeText(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\ufffdb');
  });
});

test('parts are put one behind the other', () => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)];
  expect(concatBytes(...parts)).toEqual(Uint8Array.of(1, 2, 3));
  expect(concatBytes()).toEqual(new Uint8Array());
});

test('a view is of the bytes alone, not of all that they lie in', () => {
  const view = viewOf(Uint8Array.of(9, 1, 2, 9).subarray(1, 3));
  expect([view.byteLength, view.getUint16(0, true)]).toEqual([2, 0x0201]);
});
