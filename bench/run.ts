/**
 * Measures runts beside runc and crun, and writes what it found to bench/results/.
 *
 *     npm run bench -- [--quick | --full] [--only NAME[,NAME…]] [--runts FILE]
 *
 * --quick takes some minutes less and says less; --full adds a thousand containers that exist already. With --only nothing is
 * written. Needs root; installs what is missing.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  BENCH_PACKAGES,
  CONTAINER_PACKAGES,
  installDebianPackages,
} from '../scripts/lib/debian.mjs';
import { renderChart } from './lib/chart.ts';
import { describeMachine, load } from './lib/machine.ts';
import { measureAll } from './lib/measure.ts';
import { CgroupV1View } from './lib/private-mounts.ts';
import type { Report } from './lib/report.ts';
import { openRuntimes } from './lib/runtimes.ts';
import { renderTable } from './lib/table.ts';
import { Workspace } from './lib/workspace.ts';

const TOP = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      runts: { type: 'string', default: join(TOP, 'dist/runts') },
    },
  });
  if (process.getuid?.() !== 0) throw new Error('containers of all three runtimes need root');
  process.chdir(TOP);
  await installDebianPackages([...CONTAINER_PACKAGES, ...BENCH_PACKAGES]);
  const workspace = new Workspace();
  let view: CgroupV1View | undefined;
  const close = (): void => {
    workspace.close();
    view?.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      close();
      process.exit(130);
    });
  }
  try {
    view = await CgroupV1View.open();
    const runtimes = openRuntimes(values.runts, workspace, view);
    const started = Date.now();
    const before = load();
    const only = values.only?.split(',');
    const measurements = await measureAll(runtimes, workspace, { ...values, only });
    const [runts, runc, crun] = runtimes.map(({ version }) => version);
    const report: Report = {
      date: new Date(started).toISOString(),
      machine: describeMachine(),
      versions: { runts: runts ?? '', runc: runc ?? '', crun: crun ?? '' },
      isQuick: values.quick,
      load: [before, load()],
      seconds: (Date.now() - started) / 1000,
      measurements,
    };
    process.stdout.write(`\n${renderTable(report)}`);
    if (only === undefined) save(report);
  } finally {
    close();
  }
}

function save(report: Report): void {
  const folder = join(TOP, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const round = (_name: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(report, round)}\n`);
  writeFileSync(join(folder, 'results.md'), renderTable(report));
  writeFileSync(join(folder, 'results.svg'), renderChart(report));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
