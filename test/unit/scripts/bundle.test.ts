import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bundle } from '../../../scripts/lib/bundle.mjs';

function temporaryDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runts-test-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** @returns what `bundle` makes of one source file, in the folder `out` beside it */
async function bundleText(folder: string, text: string) {
  const entry = join(folder, 'entry.ts');
  writeFileSync(entry, text);
  return bundle([entry], join(folder, 'out'), 'abc');
}

describe('bundle', () => {
  test.each([
    "import { join } from 'node:path';\njoin('a');",
    "export const os = import('node:os').catch(() => undefined);",
    "import 'fs';",
    "import 'no-such-package';",
  ])('refuses, by the name of the file that has it, %j', async (text) => {
    const specifier = /'([^']*)'/.exec(text)?.[1] ?? '';
    const folder = temporaryDirectory();
    await expect(bundleText(folder, text)).rejects.toThrow(/entry\.ts:.*/);
    await expect(bundleText(folder, text)).rejects.toThrow(specifier);
    expect(readdirSync(folder)).toEqual(['entry.ts']);
  });

  test('replaces what an earlier one has left', async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, 'later.ts'), 'export const later = 1;');
    const first = await bundleText(folder, "export const later = import('./later.ts');");
    expect(first).toEqual({
      entry: 'entry.js',
      others: [expect.stringMatching(/^later-\w+\.js$/)],
    });
    const second = await bundleText(folder, 'export const none = 0;');
    expect(second).toEqual({ entry: 'entry.js', others: [] });
    expect(readdirSync(join(folder, 'out'))).toEqual(['entry.js']);
  });

  test('keeps the names of functions and classes, and puts in the commit', async () => {
    const folder = temporaryDirectory();
    const text = `declare const RUNTS_COMMIT: string;
      class NamedError extends Error {}
      export function failHere(): never { throw new NamedError(RUNTS_COMMIT); }`;
    await bundleText(folder, text);
    const made = readFileSync(join(folder, 'out/entry.js'), 'utf8');
    expect(made).toMatch(/NamedError.*failHere.*"abc"/s);
  });

  test('of the sources has commander in one chunk, which is that of the help', async () => {
    const folder = temporaryDirectory();
    const { entry, others } = await bundle(['src/main.ts', 'src/preload.ts'], folder, 'abc');
    const withCommander = [entry, ...others].filter((name) =>
      readFileSync(join(folder, name), 'utf8').includes('CommanderError'),
    );
    expect(withCommander).toEqual([expect.stringMatching(/^help-\w+\.js$/)]);
  });
});
