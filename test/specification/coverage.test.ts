import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CLAUSES } from './clauses.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

test('every clause is proven by a test, or says why not, and never both', () => {
  const text = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${FOLDER}${name}`, 'utf8'))
    .join('\n');
  const wrong = [...CLAUSES]
    .filter(([id, { untested }]) => text.includes(`'${id}'`) !== (untested === undefined))
    .map(([id, { untested }]) => `${id}: ${untested ?? 'no test names it'}`);
  expect(wrong).toEqual([]);
});
