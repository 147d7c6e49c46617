import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findBun } from '../../../scripts/lib/bun.mjs';
import { appendAddon, compileArguments } from '../../../scripts/lib/compile.mjs';
import { temporaryDirectory } from './support.ts';

const run = promisify(execFile);

test('a compiled program loads the addon from memory, needs no Node.js, and leaves no file', async () => {
  const directory = temporaryDirectory();
  const program = join(directory, 'program');
  const temporary = join(directory, 'tmp');
  mkdirSync(temporary);
  const fixture = new URL('embedded-fixture.ts', import.meta.url).pathname;
  await run(findBun(), compileArguments(fixture, program, 'none'));
  appendAddon(program);
  const before = readdirSync(dirname(directory));
  const { stdout } = await run(program, {
    cwd: temporary,
    env: { PATH: '/nonexistent', TMPDIR: temporary, BUN_TMPDIR: temporary },
  });
  const { mapped, open } = JSON.parse(stdout) as { mapped: string[]; open: string[] };
  expect(mapped).toContain('/memfd:runts-addon (deleted)');
  expect(mapped.filter((path) => path.endsWith('.node'))).toEqual([]);
  expect(open).not.toContain('/memfd:runts-addon (deleted)');
  expect(open).toContain('/memfd:runts-test (deleted)');
  expect(readdirSync(temporary)).toEqual([]);
  const appeared = readdirSync(dirname(directory)).filter((name) => !before.includes(name));
  expect(appeared.filter((name) => /bun|\.node$/.test(name))).toEqual([]);
});
