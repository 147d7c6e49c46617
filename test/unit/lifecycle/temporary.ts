import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** @returns a new directory that is gone after the test */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'runts-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
