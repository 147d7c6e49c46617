/**
 * Runs an already built OCI runtime-tools validation suite against the runtime, and compares with expectations.json.
 *
 *     node --import tsx conformance/run.ts SUITE [PROGRAM …]
 *
 * SUITE holds `runtimetest`, `rootfs-amd64.tar.gz` and `validation/<name>/<name>.t`. RUNTS names another runtime than
 * dist/runts. Ends in 'N passed, N failed[, N skipped]': checks that passed, differences from the list, and
 * accepted failures. The exit status is 0 when there is no difference.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { removeCgroups } from './cgroups.ts';
import { execute, type Place } from './execute.ts';
import { compare, type Expectations, readExpectations } from './expectations.ts';
import { findPrograms, type Program } from './programs.ts';
import { type Row, renderRow, renderTitle, summarize } from './table.ts';

/** Set in the inner of the two processes. */
const PRIVATE = 'RUNTS_CONFORMANCE_PRIVATE_MOUNTS';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Two at a time: the smallest machine has two cores, and most programs wait most of the time. */
const LANES = 2;

/** Those that share a cgroup go one after the other in the first lane; the lanes then empty one common queue. */
async function runAll(
  programs: readonly Program[],
  place: Place,
  expectations: Expectations,
): Promise<Row[]> {
  const rows: Row[] = [];
  const queue = programs.filter(({ sharesCgroup }) => !sharesCgroup);
  const runNext = async (own: Program[]): Promise<void> => {
    for (let next = own.shift() ?? queue.shift(); next; next = own.shift() ?? queue.shift()) {
      const started = Date.now();
      const outcome = await execute(next, place);
      const verdict = compare(expectations[next.name], outcome);
      const row = { name: next.name, outcome, verdict, milliseconds: Date.now() - started };
      rows.push(row);
      console.log(renderRow(row));
    }
  };
  const first = programs.filter(({ sharesCgroup }) => sharesCgroup);
  await Promise.all(Array.from({ length: LANES }, (_, lane) => runNext(lane === 0 ? first : [])));
  return rows;
}

/**
 * A container without a mount namespace of its own mounts where the runtime is: one of the programs makes such a
 * container, so all of this runs in a mount namespace that ends with it.
 */
function runInPrivateMounts(): number {
  const again = [...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync(
    'unshare',
    ['--mount', '--propagation', 'private', process.execPath, ...again],
    { stdio: 'inherit', env: { ...process.env, [PRIVATE]: '1' } },
  );
  return status ?? 1;
}

async function main([suiteArgument, ...names]: string[]): Promise<number> {
  if (suiteArgument === undefined) throw new TypeError('usage: run.ts SUITE [PROGRAM …]');
  const suite = resolve(suiteArgument);
  const runtime = resolve(process.env.RUNTS ?? join(HERE, '../dist/runts'));
  if (!existsSync(runtime)) throw new TypeError(`there is no runtime ${runtime}: npm run build`);
  const known = findPrograms(suite);
  const unknown = names.filter((name) => !known.some((program) => program.name === name));
  if (unknown.length > 0) throw new TypeError(`the suite has no program ${unknown.join(', ')}`);
  const programs = known.filter(({ name }) => names.length === 0 || names.includes(name));
  const expectations = readExpectations(join(HERE, 'expectations.json'));
  const absent = Object.keys(expectations).filter((name) => !known.some((it) => it.name === name));

  // The real path: the suite compares the bundle's path with what the runtime says.
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'runts-conformance-')));
  // Root of a user namespace, which is nobody on this side, must be able to come through.
  chmodSync(work, 0o711);
  try {
    console.log(`${runtime}, ${programs.length} programs of ${suite}\n${renderTitle()}`);
    const rows = await runAll(programs, { suite, runtime, work }, expectations);
    const { lines, failed } = summarize(rows, absent);
    console.log(lines.join('\n'));
    return failed === 0 ? 0 : 1;
  } finally {
    removeCgroups();
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  const isInner = process.env[PRIVATE] !== undefined;
  process.exitCode = isInner ? await main(process.argv.slice(2)) : runInPrivateMounts();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(`conformance: ${error.message}`);
  process.exitCode = 2;
}
