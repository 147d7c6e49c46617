import process from 'node:process';
import { Bundles } from './bundles.ts';
import { measureTimes } from './hyperfine.ts';
import { COMMANDS, measureForeground, measurePeaks } from './memory.ts';
import type { Measurement } from './report.ts';
import { inRounds } from './rounds.ts';
import type { Runtime } from './runtimes.ts';
import { type Place, type Scenario, scenarios } from './scenarios.ts';
import type { Workspace } from './workspace.ts';

export interface Extent {
  readonly quick: boolean;
  readonly full: boolean;
  /** Names of scenarios; `memory` for that. All where it is undefined. */
  readonly only: readonly string[] | undefined;
}

interface Effort {
  readonly rounds: number;
  readonly runs: number;
}

/** Few runs to a round and many rounds: that is what interleaves the runtimes. */
const EFFORTS = {
  quick: { short: { rounds: 8, runs: 3 }, long: { rounds: 3, runs: 2 }, memory: 3 },
  normal: { short: { rounds: 15, runs: 4 }, long: { rounds: 5, runs: 2 }, memory: 5 },
} as const;

/** Measures everything; says on stdout what it is at. */
export async function measureAll(
  runtimes: readonly Runtime[],
  workspace: Workspace,
  extent: Extent,
): Promise<Measurement[]> {
  const runc = runtimes.find(({ name }) => name === 'runc');
  if (runc === undefined) throw new TypeError('the default configuration comes from runc');
  const place = { workspace, bundles: new Bundles(workspace.folder, runc.program) };
  const effort = extent.quick ? EFFORTS.quick : EFFORTS.normal;
  const wanted = (name: string) => extent.only?.includes(name) ?? true;
  const measurements: Measurement[] = [];
  const crowds = extent.full ? [1, 100, 1000] : [1, 100];
  for (const scenario of scenarios({ series: extent.quick ? 40 : 100, crowds })) {
    if (!wanted(scenario.name)) continue;
    process.stdout.write(`${scenario.title} …\n`);
    const { short, long } = effort;
    measurements.push(await timed(runtimes, place, scenario, scenario.isLong ? long : short));
  }
  if (wanted('memory')) {
    process.stdout.write('memory …\n');
    measurements.push(...(await memory(runtimes, place, effort.memory)));
  }
  return measurements;
}

async function timed(
  runtimes: readonly Runtime[],
  place: Place,
  scenario: Scenario,
  { rounds, runs }: Effort,
): Promise<Measurement> {
  const { folder } = place.workspace;
  const { name, title, targets, isLong = false } = scenario;
  const commands = new Map<Runtime, ReturnType<Scenario['prepare']>>();
  try {
    const { values, failures } = await inRounds(runtimes, rounds, (runtime) => {
      const command = commands.get(runtime) ?? scenario.prepare(runtime, place);
      commands.set(runtime, command);
      return { [name]: measureTimes(folder, runtime, command, { runs, warmup: isLong ? 0 : 1 }) };
    });
    return { name, title, unit: 'ms', targets, failures, values: values[name] ?? {} };
  } finally {
    place.workspace.endContainers();
  }
}

async function memory(
  runtimes: readonly Runtime[],
  { workspace, bundles }: Place,
  rounds: number,
): Promise<Measurement[]> {
  const { cgroup } = workspace;
  const idle = ['/bin/sh', '-c', 'echo up; exec sleep 1000000'];
  const stays = bundles.make('memory-stays', cgroup, { args: idle });
  const ends = bundles.make('memory-ends', cgroup);
  const peaks = await inRounds(runtimes, rounds, (runtime) =>
    measurePeaks(workspace, runtime, stays, ends),
  );
  workspace.endContainers();
  const foreground = await inRounds(runtimes, rounds, (runtime) =>
    measureForeground(workspace, runtime, stays),
  );
  const shape = (name: string, title: string, most: number, { values, failures } = peaks) => ({
    name: `memory-${name}`,
    title,
    unit: 'MB' as const,
    targets: { runc: most },
    failures,
    values: values[name] ?? {},
  });
  return [
    ...COMMANDS.map((name) => shape(name, `peak memory of ${name}`, 3)),
    shape('resident', 'run in the foreground, resident', 3, foreground),
    shape('private', 'run in the foreground, private memory', 1, foreground),
  ];
}
