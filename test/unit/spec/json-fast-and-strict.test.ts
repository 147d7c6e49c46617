import { describe, expect, test } from 'vitest';
import { parseStrictly } from '../../../src/spec/json-parser.ts';
import { type Chance, chanceFrom } from './mutate.ts';
import { documentOf } from './support.ts';

const SEED = Number(process.env.SEED ?? 1);
const ROUNDS = 20_000;

/** Names and strings that look like the ends of names; in small numbers, so that names meet twice. */
const STRINGS = [
  '"a"',
  '"b"',
  '"a:b"',
  '"\\u003a"',
  '"\\u003Ab"',
  '"__proto__"',
  '"1"',
  '":"',
  '"\\":"',
  '"a\\"  :"',
  '"\\u0061"',
  '"\\ud83d\\ude00"',
  '"\\ud83d"',
];
const LEAVES = [
  ...STRINGS,
  ...['0', '-0', '-1.5', '0.10', '1e3', '1E2', '1e+21', '1e400', 'true', 'null'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '1000000000000000000'],
  ...['9007199254740991.4', '9007199254740992.5', '9.007199254740993e15', '-1e16', '1e-400'],
  ...['"<&"', '"\\u003c\\u0026"', '"\\u003c&"', '"\\u001b"', '"\\/"', '"é"'],
];
/** What is put over a character of a text that was right. */
const NOISE = [
  '"',
  ':',
  ',',
  '{',
  '}',
  '[',
  ']',
  '\\',
  ' ',
  '\n',
  '0',
  '.',
  'e',
  '-',
  'a',
  '\t',
  '/',
];

describe('parseJson', () => {
  test('reads and refuses what the strict parser does, whichever parser it took', () => {
    const chance = chanceFrom(SEED);
    const verdicts = { read: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const text = spoilt(formatted(textOf(3, chance), chance), chance);
      const strict = outcome(() => parseStrictly(text).value);
      const fast = outcome(() => documentOf(text).value);
      if ('value' in strict !== 'value' in fast) {
        expect.fail(`seed ${SEED}, round ${round}: only one of them refuses ${text}`);
      }
      expect(fast.value, text).toEqual(strict.value);
      verdicts['value' in strict ? 'read' : 'refused']++;
    }
    expect(Math.min(verdicts.read, verdicts.refused)).toBeGreaterThan(ROUNDS / 10);
  }, 180_000);
});

function outcome(read: () => unknown): { value?: unknown } {
  try {
    return { value: read() };
  } catch {
    return {};
  }
}

function textOf(depth: number, chance: Chance): string {
  const kind = depth === 0 ? 0 : Math.floor(chance() * 4);
  if (kind < 1) return pick(LEAVES, chance);
  const entries = Array.from({ length: Math.floor(chance() * 4) }, () => {
    const value = textOf(depth - 1, chance);
    return kind === 1
      ? value
      : `${pick(STRINGS, chance)}${pick(['', ' ', '\n\t'], chance)}:${value}`;
  });
  return kind === 1 ? `[${entries.join(',')}]` : `{${entries.join(',')}}`;
}

/** Half of the texts as programs write them; of the others a half with space wherever there may be some. */
function formatted(text: string, chance: Chance): string {
  const indent = pick(['', '  ', '\t'], chance);
  const kind = chance();
  if (kind < 0.25) return text;
  if (kind < 0.5) return spaced(text, chance);
  try {
    return `${JSON.stringify(JSON.parse(text), null, indent)}${pick(['', '\n'], chance)}`;
  } catch {
    return text;
  }
}

function spaced(text: string, chance: Chance): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|[[\]{}:,]/g, (token) => {
    const space = (): string => pick(['', '', ' ', '\n', '\r\n\t'], chance);
    return `${space()}${token}${space()}`;
  });
}

/** Two texts of three as they are, the third with one character put over another. */
function spoilt(text: string, chance: Chance): string {
  if (chance() < 2 / 3) return text;
  const at = Math.floor(chance() * text.length);
  const spoiltText = text.slice(0, at) + pick(NOISE, chance) + text.slice(at + 1);
  // Half of a pair can't be written as UTF-8.
  return spoiltText.replaceAll(/\p{Surrogate}/gu, '?');
}

function pick(from: readonly string[], chance: Chance): string {
  return from[Math.floor(chance() * from.length)] ?? '';
}
