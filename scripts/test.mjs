// @ts-check
/**
 * The one gate: sets up what is missing, runs every stage that this machine can run, and ends in a line
 * 'N passed, N failed' (with ', N skipped' where something was skipped, each with its reason above).
 *
 *     node scripts/test.mjs [lint] [types] [unit] [integration] [specification] [engines] [conformance] [--suite DIR]
 *
 * Without names all stages run. The exit status is 0 only when something passed and nothing failed.
 */
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { StepError, say, seconds } from './lib/console.mjs';
import { STAGES } from './lib/stages.mjs';
import { setUp } from './setup.mjs';

/** @typedef {import('./lib/stages.mjs').Outcome} Outcome */
/** @typedef {import('./lib/stages.mjs').Stage} Stage */
/** @typedef {Outcome & { name: string, milliseconds: number }} StageResult */

/** Written by `npm run generate` and committed, so that it can be read without building anything. */
const COMMITTED_OUTPUT = 'docs/STEPS.md';

/**
 * @param {readonly Stage[]} stages
 * @returns {Promise<Outcome>}
 */
async function runSetup(stages) {
  const before = readIfThere(COMMITTED_OUTPUT);
  try {
    await setUp(stages.some((stage) => stage.needsBuild) ? 'test' : 'generate');
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    say(`setup: ${error.message}`);
    return { passed: 0, failures: [`setup: ${error.message.split('\n')[0]}`], skips: [] };
  }
  const isStale = before !== undefined && before !== readIfThere(COMMITTED_OUTPUT);
  const failures = isStale ? [`${COMMITTED_OUTPUT} was stale; it is written anew: commit it`] : [];
  return { passed: 0, failures, skips: [] };
}

/** @param {string} file */
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/**
 * @param {string} name
 * @param {() => Promise<Outcome>} run
 * @returns {Promise<StageResult>}
 */
async function timed(name, run) {
  const started = Date.now();
  const outcome = await run();
  return { name, ...outcome, milliseconds: Date.now() - started };
}

/** @param {readonly StageResult[]} results */
function printSummary(results) {
  const skips = results.flatMap((result) => result.skips);
  const failures = results.flatMap((result) => result.failures);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  say('');
  for (const { what, why } of skips) say(`skipped: ${what}: ${why}`);
  for (const failure of failures) say(`failed: ${failure}`);
  say('');
  say(
    `${'stage'.padEnd(14)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'skipped'.padStart(9)}     time`,
  );
  for (const result of results) {
    const counts = `${String(result.passed).padStart(8)}${String(result.failures.length).padStart(8)}`;
    const skipped = String(result.skips.length).padStart(9);
    say(`${result.name.padEnd(14)}${counts}${skipped}${seconds(result.milliseconds).padStart(9)}`);
  }
  say('');
  const tail = skips.length === 0 ? '' : `, ${skips.length} skipped`;
  say(`${passed} passed, ${failures.length} failed${tail}`);
  return failures.length === 0 && passed > 0;
}

/**
 * @param {string[]} args
 * @returns {{ stages: Stage[], suite: string | undefined }}
 */
function readArguments(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { suite: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = STAGES.map((stage) => stage.name).join(', ');
    throw new TypeError(`no stage ${unknown.join(', ')}: expected some of ${known}`);
  }
  const stages = STAGES.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  return { stages, suite: values.suite ?? process.env.RUNTIME_TOOLS };
}

/** @param {string[]} args */
async function main(args) {
  const { stages, suite } = readArguments(args);
  const results = [await timed('setup', () => runSetup(stages))];
  // Without what they need the stages would only repeat in many words what the set-up has said.
  if (results[0]?.failures.some((failure) => failure.startsWith('setup: '))) {
    const names = stages.map((stage) => stage.name).join(', ');
    say(`not run, because the set-up failed: ${names}`);
    stages.length = 0;
  }
  for (const stage of stages) {
    // An interrupt has ended the stage before: its children are gone, and the rest is not wanted.
    if (process.exitCode === 130) break;
    say(`\n── ${stage.name}: ${stage.title}`);
    results.push(await timed(stage.name, () => stage.run({ suite })));
  }
  if (!printSummary(results)) process.exitCode ||= 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`test: ${error.message}\n`);
  process.exitCode = 2;
}
