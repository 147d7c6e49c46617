import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { unpackQuickJs } from '../../../scripts/lib/quickjs.mjs';

test.each([
  ['another file', 'x', '1 bytes, where quickjs_'],
  ['as many other bytes', 'x'.repeat(580408), 'its SHA-256 is '],
])('RUNTS_QUICKJS with %s is refused before anything is unpacked', async (_what, text, reason) => {
  const folder = mkdtempSync(join(tmpdir(), 'runts-test-quickjs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tarball = join(folder, 'given');
  writeFileSync(tarball, text);
  vi.stubEnv('RUNTS_QUICKJS', tarball);
  onTestFinished(() => void vi.unstubAllEnvs());
  const unpacked = unpackQuickJs(join(folder, 'quickjs'));
  await expect(unpacked).rejects.toThrow(`RUNTS_QUICKJS=${tarball}: ${reason}`);
  expect(existsSync(join(folder, 'quickjs'))).toBe(false);
});
