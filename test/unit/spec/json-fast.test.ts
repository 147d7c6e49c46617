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
    'io.example:names:too': '',
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
    ['a name with a colon comes twice', '{"a:b":"c:d","a:b":"c:d"}'],
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

function spaced(compact: string): string {
  return compact.replaceAll(/"(?:[^"\\]|\\.)*"|[:,]/g, (token) =>
    token.length === 1 ? `${token} ` : token,
  );
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
