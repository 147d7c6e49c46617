import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const text = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Second column of the row that begins with a name. */
const version = (name: string): string | undefined =>
  new RegExp(`^\\| ${name}[^|]*\\| ([^| ]+) `, 'm').exec(text('docs/THIRD-PARTY.md'))?.[1];

test('docs/THIRD-PARTY.md names the packages and the interpreter in the binary in their pinned versions', () => {
  const { dependencies } = JSON.parse(text('package.json')) as {
    dependencies: Record<string, string>;
  };
  for (const [name, pinned] of Object.entries(dependencies)) expect(version(name)).toBe(pinned);
  const tarball = /quickjs_([\d.]+)\.orig\.tar/.exec(text('scripts/lib/quickjs.mjs'))?.[1];
  expect(version('QuickJS')).toBe(tarball);
});
