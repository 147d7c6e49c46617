/**
 * Makes docs/man/*.1.md from what `--help` says (src/cli). A unit test holds them against it.
 *
 *     npx tsx scripts/generate-manual.ts [--check] [--roff DIRECTORY]
 *
 * With `--check` it only says what is stale; with `--roff` it writes pages for man(1) into a directory instead.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { toMarkdown } from './manual/markdown.ts';
import { collectPages } from './manual/pages.ts';
import { toRoff } from './manual/roff.ts';

const FOLDER = fileURLToPath(new URL('../docs/man', import.meta.url));

/** @returns the names of pages in docs/man that are missing, out of date, or of no command */
export async function stalePages(): Promise<string[]> {
  const pages = await markdownPages();
  const present = readdirSync(FOLDER);
  return [
    ...[...pages]
      .filter(([file, text]) => !present.includes(file) || read(file) !== text)
      .map(([file]) => file),
    ...present.filter((file) => !pages.has(file)),
  ];
}

const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

async function markdownPages(): Promise<Map<string, string>> {
  const pages = await collectPages();
  return new Map(pages.map((page) => [`${page.name}.1.md`, toMarkdown(page)]));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, roff: { type: 'string' } },
  });
  if (values.check) {
    for (const file of await stalePages()) {
      console.error(`docs/man/${file} is stale: run npx tsx scripts/generate-manual.ts`);
      process.exitCode = 1;
    }
    return;
  }
  if (values.roff !== undefined) {
    mkdirSync(values.roff, { recursive: true });
    for (const page of await collectPages()) {
      writeFileSync(join(values.roff, `${page.name}.1`), toRoff(page));
    }
    return;
  }
  mkdirSync(FOLDER, { recursive: true });
  const pages = await markdownPages();
  for (const [file, text] of pages) writeFileSync(join(FOLDER, file), text);
  for (const file of readdirSync(FOLDER)) if (!pages.has(file)) rmSync(join(FOLDER, file));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
