// @ts-check
/**
 * Writes what became of every test to the file named by RUNTS_REPORT, for scripts/test.mjs to count. Vitest's own
 * JSON has neither the reasons of skipped tests nor the errors outside of tests.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import process from 'node:process';

/**
 * @typedef {object} TestOutcome
 * @property {string} file
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped' | 'pending'} state
 * @property {string} [reason] why it was skipped
 */

/**
 * @typedef {object} Report
 * @property {TestOutcome[]} tests
 * @property {string[]} brokenFiles files that failed outside of a test
 * @property {string[]} strayErrors errors that belong to no file
 */

export default class Reporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly import('vitest').SerializedError[]} errors
   */
  onTestRunEnd(modules, errors) {
    const file = process.env.RUNTS_REPORT;
    if (file === undefined) return;
    /** @type {Report} */
    const report = {
      tests: modules.flatMap(outcomes),
      brokenFiles: modules.filter(isBroken).map(name),
      strayErrors: errors.map((error) => error.message),
    };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(report));
  }
}

/** @param {import('vitest/node').TestModule} module */
const name = (module) => relative(process.cwd(), module.moduleId);

/**
 * @param {import('vitest/node').TestModule} module
 * @returns {TestOutcome[]}
 */
function outcomes(module) {
  return [...module.children.allTests()].map((test) => {
    const result = test.result();
    const reason = result.state === 'skipped' ? result.note : undefined;
    return {
      file: name(module),
      name: test.fullName,
      state: result.state,
      ...(reason === undefined ? {} : { reason }),
    };
  });
}

/**
 * The file itself, or a hook around a group of tests, has failed.
 *
 * @param {import('vitest/node').TestModule} module
 */
function isBroken(module) {
  return (
    module.errors().length > 0 ||
    [...module.children.allSuites()].some((suite) => suite.errors().length > 0)
  );
}
