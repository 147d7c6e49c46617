// @ts-check
/** Where npm put Bun: the `bun` package's own file is only filled in by an install script, which is not run here. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { StepError } from './console.mjs';

/**
 * @returns {string} path of a Bun that runs on this machine
 * @throws {StepError} when there is none
 */
export function findBun() {
  const architecture = process.arch === 'arm64' ? 'aarch64' : process.arch;
  // Since Bun 1.4 the x64 program needs no AVX2; `-baseline` was the one for such processors before.
  const candidates = [`bun-linux-${architecture}`, `bun-linux-${architecture}-baseline`].map(
    (name) => `node_modules/@oven/${name}/bin/bun`,
  );
  const bun = candidates.find(
    (file) => existsSync(file) && spawnSync(file, ['--version']).status === 0,
  );
  if (bun !== undefined) return bun;
  throw new StepError(
    `no Bun that runs here in ${candidates.join(' or ')}: was npm told to leave out optional packages?`,
  );
}
