import { describe, expect, test } from 'vitest';
import { RuntimeError } from '../../../src/error.ts';
import { DEPTH_LIMIT } from '../../../src/spec/json-parser.ts';
import { documentOf, messageOf } from './support.ts';

const parsed = (text: string): unknown => documentOf(text).value;

describe('parseJson keeps', () => {
  test.each<[string, unknown]>([
    ['18446744073709551615', 18446744073709551615n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9007199254740993', 9007199254740993n],
    ['9007199254740991', 9007199254740991],
    ['1.8446744073709551615e19', 18446744073709551615n],
    ['18446744073709551615.0', 18446744073709551615n],
    ['1e3', 1000],
    ['0.5', 0.5],
    ['-0', -0],
  ])('the number %s exact', (text, value) => {
    expect(parsed(`{"a":${text}}`)).toEqual({ a: value });
  });

  test('an escaped quote before a colon apart from the end of a name', () => {
    expect(parsed('{"a\\":b":"\\":","c":1}')).toEqual({ 'a":b': '":', c: 1 });
  });

  test('a property called __proto__ as a property, and no prototype', () => {
    for (const text of ['{"__proto__":{"x":1}}', '{"__proto__":{"x":18446744073709551615}}']) {
      const value = parsed(text) as object;
      expect(Object.keys(value)).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
  });

  test('whole surrogate pairs that are escaped', () => {
    expect(parsed('["\\ud83d\\ude00"]')).toEqual(['😀']);
  });

  test('bytes that are a window of a larger buffer', () => {
    const bytes = Buffer.from('xx{"a":1}yy').subarray(2, 9);
    expect(documentOf(new Uint8Array(bytes.buffer, bytes.byteOffset, 7)).value).toEqual({ a: 1 });
  });

  test('what the platform reads, whichever parser it takes', () => {
    const text =
      '{"a":[1,-2.5e-3,true,false,null,"x\\n\\u00e9\\/"],"b":{},"c":[],"d":{"e":[[{}]]}}';
    const exact = text.replace('"b":{}', '"b":{"big":18446744073709551615}');
    expect(parsed(text)).toEqual(JSON.parse(text));
    expect(parsed(exact)).toEqual({ ...JSON.parse(text), b: { big: 18446744073709551615n } });
  });
});

describe('parseJson refuses, with its place,', () => {
  test.each<[claim: string, text: string, message: string]>([
    ['a name twice', '{"a":1,\n "a":2}', '2:2: /a: expected each name once, got "a" twice'],
    [
      'a name twice below',
      '[{"b/c":{"x":1,"x":2}}]',
      '1:16: /0/b~1c/x: expected each name once, got "x" twice',
    ],
    [
      'one name written in two ways',
      '{"a":1,"\\u0061":2}',
      '1:8: /a: expected each name once, got "a" twice',
    ],
    [
      'a name twice that hides behind a colon',
      '{"a":1,"a":":"}',
      '1:8: /a: expected each name once, got "a" twice',
    ],
    ['the end of the file', '{"a":', '1:6: expected a value, got the end of the file'],
    ['a comma too many', '{"a":1,}', '1:8: expected a property name, got "}"'],
    ['a comma too many in an array', '[1,\n]', '2:1: expected a value, got "]"'],
    ['a missing comma', '{"a":1 "b":2}', '1:8: expected "," or "}", got "\\""'],
    ['a missing colon', '{"a" 1}', '1:6: expected ":", got "1"'],
    ['a comment', '{} // yes', '1:4: expected the end of the file, got a comment'],
    ['a second value', '{}\n{}', '2:1: expected the end of the file, got "{"'],
    ['a name without quotes', '{a:1}', '1:2: expected a property name or "}", got "a"'],
    ['single quotes', "{'a':1}", '1:2: expected a property name or "}", got "\'"'],
    ['a word that JSON lacks', '[NaN]', '1:2: expected a value, got "NaN"'],
    ['a word that only begins well', '[trueish]', '1:2: expected a value, got "trueish"'],
    ['a leading zero', '[012]', '1:2: expected a number, got "012"'],
    ['a number beyond all', '[1e400]', '1:2: expected a number that fits 64 bits'],
    [
      'a raw line break in a string',
      '["a\nb"]',
      '1:4: expected no raw control character in a string',
    ],
    ['an escape that JSON lacks', '["\\x41"]', '1:3: expected an escape that JSON knows'],
    ['an unfinished string', '["abc', '1:2: expected a string, got no end of it'],
    [
      'half a surrogate pair',
      '["\\udc00"]',
      '1:2: expected a string of Unicode, got half of a surrogate pair',
    ],
    [
      'half a surrogate pair as a name',
      '{"\\ud800":1}',
      '1:2: expected a string of Unicode, got half of a surrogate pair',
    ],
    ['a byte order mark', '\ufeff{}', '1:1: expected JSON, got a byte order mark: remove it'],
    ['nothing', '', '1:1: expected a value, got the end of the file'],
    ['a character beyond 16 bits, counted as one', '["😀" x]', '1:6: expected "," or "]", got "x"'],
  ])('%s', (_claim, text, message) => {
    expect(messageOf(() => documentOf(text))).toBe(`config.json:${message}`);
  });

  test.each<[claim: string, bytes: number[], message: string]>([
    ['a byte that begins nothing', [0x7b, 0x0a, 0xff], '2:1: expected UTF-8, got the byte 0xff'],
    ['an overlong form', [0x22, 0xc0, 0x80, 0x22], '1:2: expected UTF-8, got the byte 0xc0'],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], '1:2: expected UTF-8, got the byte 0xed'],
    [
      'beyond U+10FFFF',
      [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
      '1:2: expected UTF-8, got the byte 0xf4',
    ],
    [
      'a sequence cut short',
      [0x22, 0xc3, 0xa9, 0xe2, 0x82],
      '1:3: expected UTF-8, got the byte 0xe2',
    ],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00], '1:1: expected UTF-8, got the byte 0xff'],
  ])('bytes that are not UTF-8: %s', (_claim, bytes, message) => {
    expect(messageOf(() => documentOf(Uint8Array.from(bytes)))).toBe(`config.json:${message}`);
  });

  test('nesting that no configuration needs, however it was written', () => {
    const nest = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(() => documentOf(nest(DEPTH_LIMIT))).not.toThrow();
    expect(messageOf(() => documentOf(nest(DEPTH_LIMIT + 1)))).toBe(
      'config.json:1:513: expected at most 512 levels of nesting',
    );
    expect(messageOf(() => documentOf(nest(200_000)))).toContain('levels of nesting');
  });

  test('everything with the one error class', () => {
    expect(() => documentOf('{')).toThrow(RuntimeError);
    expect(() => documentOf(Uint8Array.of(0xff))).toThrow(RuntimeError);
  });
});

describe('locate', () => {
  const document = documentOf('{\n  "a": {"b/c": [10,\n\t20, "é😀", 30]},\n  "d": null\n}');

  test.each<[pointer: string, line: number, column: number]>([
    ['', 1, 1],
    ['/a', 2, 8],
    ['/a/b~1c', 2, 16],
    ['/a/b~1c/0', 2, 17],
    ['/a/b~1c/1', 3, 2],
    ['/a/b~1c/3', 3, 12],
    ['/d', 4, 8],
  ])('gives the begin of %j', (pointer, line, column) => {
    expect(document.locate(pointer)).toEqual({ line, column });
  });

  test('gives the nearest ancestor of what is absent', () => {
    expect(document.locate('/a/x/y')).toEqual({ line: 2, column: 8 });
    expect(document.locate('/nowhere')).toEqual({ line: 1, column: 1 });
  });
});
