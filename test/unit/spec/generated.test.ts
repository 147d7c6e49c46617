import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseSource } from '../../../scripts/architecture/parse.ts';
import { PATTERNS } from '../../../src/spec/shape.ts';

const FOLDER = 'src/spec/generated';

describe('the generated validator', () => {
  test.each(['validator.js', 'names.js'])('%s imports nothing', (name) => {
    const path = `${FOLDER}/${name}`;
    const text = readFileSync(path, 'utf8');
    expect(parseSource(path, text).imports).toEqual([]);
    expect(text).not.toMatch(/\brequire\(/);
  });

  test('stays small enough to be read at every create', () => {
    expect(readFileSync(`${FOLDER}/validator.js`).length).toBeLessThan(120_000);
    expect(readFileSync(`${FOLDER}/names.js`).length).toBeLessThan(10_000);
  });

  test('has words for each of its patterns', () => {
    const text = readFileSync(`${FOLDER}/validator.js`, 'utf8');
    const patterns = [...text.matchAll(/params:\{pattern: ("(?:[^"\\]|\\.)*")\}/g)].map(
      ([, literal = '']) => JSON.parse(literal) as string,
    );
    expect(patterns.length).toBeGreaterThan(0);
    expect([...new Set(patterns)].sort()).toEqual(Object.keys(PATTERNS).sort());
  });
});
