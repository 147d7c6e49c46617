// First version: npm packages only.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('node_modules')) {
  console.log('setup: npm ci');
  process.exitCode = spawnSync('npm', ['ci', '--ignore-scripts'], { stdio: 'inherit' }).status ?? 1;
}
