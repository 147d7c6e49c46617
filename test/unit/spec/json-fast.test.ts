import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultSpec } from '../../../src/spec/default.ts';
import { parseStrictly } from '../../../src/spec/json-parser.ts';
import { documentOf } from './support.ts';

vi.mock(import('../../../src/spec/json-parser.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return { ...original, parseStrictly: vi.fn(original.parseStrictly) };
});

const CONFIG = {
  ...defaultSpec(),
  annotations: {
    'io.example.json': '{"labels": {"a:b":"c"}, "size": 18446744073709551615}',
    'io.example.digest': 'sha256:8f3e5d7a9c1b2e4f6a8d0c2e4f6a8b0d1234567890123456789e10',
    'io.example.html': '<a href="x&y">é😀</a>',
  },
};
const COMPACT = JSON.stringify(CONFIG);

describe('parseJson leaves to the platform alone', () => {
  beforeEach(() => {
    vi.mocked(parseStrictly).mockClear();
  });

  test.each([
    ['on one line', COMPACT],
    ['indented by tabs, as runc spec does', `${JSON.stringify(CONFIG, null, '\t')}\n`],
    ['indented by two spaces, as jq does', `${JSON.stringify(CONFIG, null, 2)}\n`],
    ['with the spaces of Python', spaced(COMPACT)],
    ['with the escapes of Go', COMPACT.replaceAll(/[<>&]/g, escaped)],
    ['with the escapes of Python', spaced(COMPACT).replaceAll('é', escaped)],
    ['with line breaks of DOS', JSON.stringify(CONFIG, null, 2).replaceAll('\n', '\r\n')],
    ['with numbers that are written in another way', '{"a":[1e3,-0,1.50,0.1e-2,9007199254740991]}'],
  ])('what is written %s', (_how, text) => {
    expect(documentOf(text).value).toEqual(JSON.parse(text));
    expect(parseStrictly).not.toHaveBeenCalled();
  });

  test.each([
    ['a name comes twice', spaced('{"a":{"b":1,"c":[{}],"b":1}}')],
    ['a name comes twice beside a colon that is escaped', '{"a":1,"a":"\\u003a"}'],
    ['a number loses digits', '{"a":9007199254740993}'],
    ['a number with an exponent loses digits', '{"a":9.007199254740993e15}'],
    ['a number is beyond all', '{"a":1e400}'],
    ['half a surrogate pair may be escaped', '{"a":"\\ud83d"}'],
    ['there are too many levels', '['.repeat(600) + ']'.repeat(600)],
  ])('nothing where %s', (_why, text) => {
    try {
      documentOf(text);
    } catch {
      // Refused or not: what counts is who was asked.
    }
    expect(parseStrictly).toHaveBeenCalled();
  });
});

/** As that of QuickJS is: each of these texts has a value for it. */
describe('a parser of the platform that forgives', () => {
  test.each([
    ['1.', 'expected a number, got "1."'],
    ['[1.]', 'expected a number, got "1."'],
    ['{"a":-1. ,"b":2}', 'expected a number, got "-1."'],
    ['[2.e5]', 'expected a number, got "2.e5"'],
    ['[3.E-5]', 'expected a number, got "3.E-5"'],
    ['-01', 'expected a number, got "-01"'],
    ['{"a":-00.5}', 'expected a number, got "-00.5"'],
    ['"\\x41"', 'expected an escape that JSON knows'],
    ['"\\u{41}"', 'expected an escape that JSON knows'],
    ['{"a":"\\\\\\v"}', 'expected an escape that JSON knows'],
    ['"\\ "', 'expected an escape that JSON knows'],
    ['"\\\n"', 'expected an escape that JSON knows'],
    ['"\\\'"', 'expected an escape that JSON knows'],
  ])('has not the last word about %j', (text, message) => {
    const parse = vi.spyOn(JSON, 'parse').mockReturnValue(1);
    try {
      expect(() => documentOf(text)).toThrow(message);
      expect(parse).toHaveBeenCalled();
    } finally {
      parse.mockRestore();
    }
  });

  test.each([
    ['dates', '{"a":"2024-01-02T03:04:05.678Z","b":"-0","c":"0.5-01"}'],
    ['versions and names', '{"a":"1.2.3","io.containerd.v1.events":"v2.x 3.epoch","b":"4."}'],
    ['paths', '["/a.b/0.c",".","..","./1.d","a.b."]'],
    ['numbers', '[-0.5,-0,0.5e-01,1.25E+02,10.0]'],
    ['every escape', String.raw`["\"\\\/\b\f\n\r\t\u00e9","\\x41"]`],
  ])('does not doubt %s', (_what, text) => {
    vi.mocked(parseStrictly).mockClear();
    expect(documentOf(text).value).toEqual(JSON.parse(text));
    expect(parseStrictly).not.toHaveBeenCalled();
  });
});

function spaced(compact: string): string {
  return compact.replaceAll(/"(?:[^"\\]|\\.)*"|[:,]/g, (token) =>
    token.length === 1 ? `${token} ` : token,
  );
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
