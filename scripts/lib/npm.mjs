// @ts-check
/** The npm packages: installed when missing, or when they are not the ones in the lock file. */
import { existsSync, readFileSync } from 'node:fs';
import { runStep, StepError } from './console.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage */

/**
 * Compares package-lock.json with npm's own record of what it put into node_modules.
 * Optional packages are those of other platforms: absent is right, another version is not.
 *
 * @returns {string | undefined} why the packages have to be installed
 */
export function whyInstall() {
  if (!existsSync('node_modules/.package-lock.json')) return 'not installed yet';
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  for (const [path, locked] of Object.entries(wanted)) {
    if (path === '') continue;
    const there = installed[path];
    if (there === undefined ? !locked.optional : there.version !== locked.version) {
      const version =
        there === undefined ? 'not installed' : `installed in version ${there.version}`;
      return `${path.replace(/^.*node_modules\//, '')} ${locked.version} is ${version}`;
    }
  }
  return undefined;
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/** Installs the packages of the lock file; runs no install script of any package. */
export async function installPackages() {
  const why = whyInstall();
  if (why === undefined) return;
  try {
    await runStep(
      `npm packages: ${why}; npm ci, about 200 MB, usually under a minute`,
      'npm-ci',
      'npm',
      ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    );
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    throw new StepError(`${error.message}\nnpm needs its registry for this step: is it reachable?`);
  }
}
