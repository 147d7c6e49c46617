// First version: linter, type check, unit tests.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';

const run = (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0;
let passed = 0;
let failed = 0;
const count = (ok) => {
  if (ok) passed++;
  else failed++;
};
if (!run('node', ['scripts/setup.mjs'])) process.exit(1);
count(run('node_modules/.bin/biome', ['check', '.']));
count(run('node_modules/.bin/tsc', ['--noEmit']));
const report = '.cache/unit.json';
mkdirSync('.cache', { recursive: true });
rmSync(report, { force: true });
const clean = run('node_modules/.bin/vitest', [
  'run',
  '--project=unit',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]);
let json = { numPassedTests: 0, numFailedTests: 0 };
try {
  json = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  // no report: counted as failed below
}
passed += json.numPassedTests;
failed += json.numFailedTests;
if (!clean && json.numFailedTests === 0) failed++;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
