import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/spec/json.ts';
import { printJson } from '../../../src/spec/print-json.ts';

describe('printJson', () => {
  test.each([
    '{"a":18446744073709551615,"b":[1,-9223372036854775808,"x\\n"],"c":{"d":null,"e":true}}',
    '[]',
    '{"\\u0000":{}}',
    '1.5',
  ])('prints %s as it was read', (text) => {
    expect(printJson(parseJson(Buffer.from(text), 'x.json').value)).toBe(text);
  });

  test('leaves out what is undefined, as the platform does', () => {
    expect(printJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
  });
});
