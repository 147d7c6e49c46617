// @ts-check
/** The stages of the gate: what each runs, and how its outcome is counted. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { runProgram, StepError } from './console.mjs';
import { ENGINE_PACKAGES, installDebianPackages } from './debian.mjs';
import { filesBelow } from './fingerprint.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {string[]} failures one line each
 * @property {{ what: string, why: string }[]} skips
 */

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} title
 * @property {boolean} needsBuild
 * @property {(options: { suite: string | undefined }) => Promise<Outcome>} run
 */

const MINUTE = 60_000;

/** @type {readonly Stage[]} */
export const STAGES = [
  {
    name: 'lint',
    title: 'formatter and linter (Biome)',
    needsBuild: false,
    run: () =>
      countAsOne('biome check', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '.']),
  },
  {
    name: 'types',
    title: 'type check',
    needsBuild: false,
    // The sources once more by themselves: in the binary they have less around them than on Node.js.
    run: async () => {
      const outcomes = [];
      for (const project of ['.', 'src']) {
        const args = ['--noEmit', '--project', project];
        outcomes.push(await countAsOne(`tsc ${project}`, 'node_modules/.bin/tsc', args));
      }
      return sum(outcomes);
    },
  },
  {
    name: 'unit',
    title: 'unit tests',
    needsBuild: true,
    run: () => runVitest('unit', 15 * MINUTE),
  },
  {
    name: 'integration',
    title: 'integration tests: real containers, as root',
    needsBuild: true,
    run: async () => notRoot('integration') ?? runVitest('integration', 30 * MINUTE),
  },
  {
    name: 'specification',
    title: 'what the runtime specification demands',
    needsBuild: true,
    run: async () => notRoot('specification') ?? runVitest('specification', 20 * MINUTE),
  },
  {
    name: 'engines',
    title: 'containerd, Podman and Docker drive the binary',
    needsBuild: true,
    run: async () => (await noEngines()) ?? runVitest('engines', 20 * MINUTE),
  },
  {
    name: 'conformance',
    title: 'OCI runtime-tools validation suite',
    needsBuild: true,
    run: ({ suite }) => runConformance(suite),
  },
];

/**
 * @param {string} what
 * @param {string} why
 * @returns {Outcome}
 */
const skip = (what, why) => ({ passed: 0, failures: [], skips: [{ what, why }] });

/**
 * @param {string} tests
 * @returns {Outcome | undefined}
 */
function notRoot(tests) {
  if (process.getuid?.() === 0) return undefined;
  return skip(`all ${tests} tests`, 'they make real containers, which takes root');
}

/**
 * Installs the engines; a machine that cannot is no failure.
 *
 * @returns {Promise<Outcome | undefined>}
 */
async function noEngines() {
  const all = 'all engine tests';
  if (process.getuid?.() !== 0) return skip(all, 'engines are started by root');
  const isThere = ENGINE_PACKAGES.every((engine) => engine.isThere());
  // Installing a daemon there starts it and has it started at every boot: whoever owns the machine decides that.
  if (!isThere && existsSync('/run/systemd/system')) {
    const names = ENGINE_PACKAGES.map(({ name }) => name).join(' ');
    return skip(
      all,
      `systemd would start them: \`apt-get install ${names}\` by hand, if that is wanted`,
    );
  }
  try {
    await installDebianPackages(ENGINE_PACKAGES);
    return undefined;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return skip(all, (error.message.split('\n')[0] ?? '').replace(/:$/, ''));
  }
}

/**
 * A tool without tests of its own counts as one.
 *
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<Outcome>}
 */
async function countAsOne(name, command, args) {
  const { code, how } = await runProgram(command, args, { timeout: 5 * MINUTE });
  return code === 0
    ? { passed: 1, failures: [], skips: [] }
    : { passed: 0, failures: [`${name}: ${how}`], skips: [] };
}

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {Outcome}
 */
const sum = (outcomes) => ({
  passed: outcomes.reduce((passed, outcome) => passed + outcome.passed, 0),
  failures: outcomes.flatMap(({ failures }) => failures),
  skips: outcomes.flatMap(({ skips }) => skips),
});

/**
 * @param {string} project of vitest.config.ts, whose tests lie in test/<project>
 * @param {number} timeout milliseconds
 * @returns {Promise<Outcome>}
 */
async function runVitest(project, timeout) {
  const folder = `test/${project}`;
  if (!filesBelow(folder).some((file) => file.endsWith('.test.ts'))) {
    return skip(`all ${project} tests`, `there are none in ${folder}`);
  }
  const report = `.cache/reports/${project}.json`;
  rmSync(report, { force: true });
  const args = ['run', `--project=${project}`, '--reporter=default'];
  const { code, how } = await runProgram(
    'node_modules/.bin/vitest',
    [...args, '--reporter=./scripts/vitest-reporter.mjs'],
    { timeout, env: { RUNTS_REPORT: report } },
  );
  if (!existsSync(report)) {
    return { passed: 0, failures: [`vitest ${project}: ${how}, without a report`], skips: [] };
  }
  const outcome = countReport(JSON.parse(readFileSync(report, 'utf8')));
  if (code !== 0 && outcome.failures.length === 0) {
    outcome.failures.push(`vitest ${project}: ${how}, though no test failed`);
  }
  return outcome;
}

/**
 * @param {import('../vitest-reporter.mjs').Report} report
 * @returns {Outcome}
 */
function countReport({ tests, brokenFiles, strayErrors }) {
  const failed = tests.filter(({ state }) => state === 'failed' || state === 'pending');
  return {
    passed: tests.filter(({ state }) => state === 'passed').length,
    failures: [
      ...failed.map(({ file, name, state }) =>
        state === 'failed' ? `${file}: ${name}` : `${file}: ${name} (did not finish)`,
      ),
      ...brokenFiles.map((file) => `${file}: failed outside of a test`),
      ...strayErrors.map((message) => `error outside of the test files: ${message}`),
    ],
    skips: tests
      .filter(({ state }) => state === 'skipped')
      .map(({ file, name, reason }) => ({
        what: `${file}: ${name}`,
        why: reason ?? 'no reason given',
      })),
  };
}

const CONFORMANCE_RUNNER = 'conformance/run.ts';

/**
 * The runner ends in a line 'N passed, N failed', with ', N skipped' where that applies, and exits with 0 only when
 * nothing failed.
 *
 * @param {string | undefined} suite folder of a built suite
 * @returns {Promise<Outcome>}
 */
async function runConformance(suite) {
  const all = 'all conformance tests';
  if (!existsSync(CONFORMANCE_RUNNER)) return skip(all, `there is no ${CONFORMANCE_RUNNER}`);
  if (suite === undefined || suite === '') {
    return skip(all, 'no built suite is at hand (RUNTIME_TOOLS=DIR or --suite DIR)');
  }
  if (!existsSync(suite)) {
    return { passed: 0, failures: [`conformance: there is no suite in ${suite}`], skips: [] };
  }
  if (process.getuid?.() !== 0) return skip(all, 'they make real containers, which takes root');
  let output = '';
  const { code, how } = await runProgram(
    process.execPath,
    ['--import', 'tsx', CONFORMANCE_RUNNER, suite],
    { timeout: 10 * MINUTE, onOutput: (text) => (output += text) },
  );
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const counts = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(last);
  if (counts === null) {
    return { passed: 0, failures: [`conformance: ${how}, without a closing line`], skips: [] };
  }
  const failures = Array.from({ length: Number(counts[2]) }, () => 'conformance: see above');
  if (code !== 0 && failures.length === 0) failures.push(`conformance: ${how}`);
  const skips = Array.from({ length: Number(counts[3] ?? 0) }, () => ({
    what: 'conformance',
    why: 'see above',
  }));
  return { passed: Number(counts[1]), failures, skips };
}
