// @ts-check
/**
 * Everything that has to be there before something can be run, from a bare clone on: npm packages, Debian packages,
 * generated code, helper, addon, binary. What is done already is skipped.
 *
 *     node scripts/setup.mjs [--for generate|build|demo|test] [--force]
 *
 * Plain Node.js without packages: it is what installs them.
 */
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { StepError, say, seconds } from './lib/console.mjs';
import { BUILD_PACKAGES, CONTAINER_PACKAGES, installDebianPackages } from './lib/debian.mjs';
import { installPackages } from './lib/npm.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

/** @typedef {'generate' | 'build' | 'demo' | 'test'} Purpose */

/** @type {readonly Purpose[]} */
const PURPOSES = ['generate', 'build', 'demo', 'test'];

/**
 * @param {Purpose} purpose
 * @param {boolean} [force] make what is up to date anew
 * @throws {StepError} naming what is missing and what to do
 */
export async function setUp(purpose, force = false) {
  checkNode();
  await installPackages();
  await build('generated', force);
  if (purpose === 'generate') return;
  const runsContainers = purpose === 'demo' || (purpose === 'test' && process.getuid?.() === 0);
  await installDebianPackages(
    runsContainers ? [...BUILD_PACKAGES, ...CONTAINER_PACKAGES] : BUILD_PACKAGES,
  );
  await build('native', force);
  await build('binary', force);
}

function checkNode() {
  if (process.platform !== 'linux') throw new StepError('containers of this kind need Linux');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new StepError(`Node.js 20.19 or later is needed; this is ${process.versions.node}`);
  }
}

/** @param {string[]} args */
async function main(args) {
  const started = Date.now();
  const { values } = parseArgs({
    args,
    options: {
      for: { type: 'string', default: 'build' },
      force: { type: 'boolean', default: false },
    },
  });
  const purpose = PURPOSES.find((known) => known === values.for);
  if (purpose === undefined) {
    throw new StepError(`--for ${values.for}: expected one of ${PURPOSES.join(', ')}`);
  }
  await setUp(purpose, values.force);
  say(`setup: everything for '${purpose}' is there (${seconds(Date.now() - started)})`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUsage = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!(error instanceof StepError) && !isUsage) throw error;
    process.stderr.write(`setup: ${error.message}\n`);
    process.exitCode = 1;
  }
}
