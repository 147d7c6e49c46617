/** What is timed. A scenario gets everything ready for one runtime, and says which command is measured. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundles, Variant } from './bundles.ts';
import { type Command, runCommand } from './command.ts';
import { prefixed } from './hyperfine.ts';
import type { Measurement } from './report.ts';
import { call, type Runtime } from './runtimes.ts';
import type { Workspace } from './workspace.ts';

export interface Place {
  readonly workspace: Workspace;
  readonly bundles: Bundles;
}

export interface Scenario extends Pick<Measurement, 'name' | 'title' | 'targets'> {
  /** Takes seconds rather than milliseconds: is done less often, and without a warm-up. */
  readonly isLong?: boolean;
  /** @returns the command to measure, which can be run again and again */
  prepare(runtime: Runtime, place: Place): Command;
}

const IDLE: Variant = { args: ['/bin/sleep', '1000000'] };

/** What `crowd` and `parallel` vary. */
export interface Sizes {
  /** Containers made in a row. */
  readonly series: number;
  /** Numbers of containers that are already there. */
  readonly crowds: readonly number[];
}

export function scenarios({ series, crowds }: Sizes): Scenario[] {
  return [
    {
      name: 'version',
      title: '--version',
      targets: {},
      prepare: (runtime) => call(runtime, '--version'),
    },
    run('run', 'run', {}, { runc: 0.4, crun: 1 }),
    run('run-seccomp', 'run, seccomp profile', { seccomp: true }),
    run('run-host-network', 'run, network of the host', { network: false }),
    run('run-20-mounts', 'run, 20 more mounts', { mounts: 20 }),
    run('run-60-mounts', 'run, 60 more mounts', { mounts: 60 }),
    {
      name: 'create-start-delete',
      title: 'create, start, delete --force',
      targets: { runc: 0.15, crun: 1 },
      prepare: (runtime, place) => {
        const bundle = bundleFor(runtime, place, 'three', IDLE);
        return script(place, `three-${runtime.name}`, [
          call(runtime, 'create', '--bundle', bundle, 'three'),
          call(runtime, 'start', 'three'),
          call(runtime, 'delete', '--force', 'three'),
        ]);
      },
    },
    onIdle('state', 'state', { runc: 0.9 }, (runtime, id) => call(runtime, 'state', id)),
    onIdle('kill', 'kill ID CONT', { runc: 0.9 }, (runtime, id) =>
      call(runtime, 'kill', id, 'CONT'),
    ),
    onIdle('exec', 'exec /bin/true', { runc: 0.4, crun: 1.1 }, (runtime, id) =>
      call(runtime, 'exec', id, '/bin/true'),
    ),
    parallel(series, 1),
    parallel(series, 8),
    ...crowds.flatMap((size) => [crowd(size, 'state'), crowd(size, 'run')]),
  ];
}

function run(
  name: string,
  title: string,
  variant: Variant,
  targets: Scenario['targets'] = {},
): Scenario {
  return {
    name,
    title,
    targets,
    prepare: (runtime, place) => runOf(runtime, bundleFor(runtime, place, name, variant), name),
  };
}

function onIdle(
  name: string,
  title: string,
  targets: Scenario['targets'],
  command: (runtime: Runtime, id: string) => Command,
): Scenario {
  return {
    name,
    title,
    targets,
    prepare: (runtime, place) => {
      const bundle = bundleFor(runtime, place, `idle-${name}`, IDLE);
      const start = call(runtime, 'run', '--detach', '--bundle', bundle, 'idle');
      runCommand(place.workspace.folder, prefixed(runtime.enter, start));
      return command(runtime, 'idle');
    },
  };
}

/** Lanes beside each other, each with a bundle of its own: two containers can not have the same cgroup. */
function parallel(count: number, lanes: number): Scenario {
  const title = lanes === 1 ? 'one after the other' : `${lanes} at a time`;
  return {
    name: `series-${lanes}`,
    title: `run, ${count} ${title}`,
    targets: {},
    isLong: true,
    prepare: (runtime, place) => {
      const each = Math.ceil(count / lanes);
      const loops = Array.from({ length: lanes }, (_, lane) => {
        const name = `series-${lanes}-${lane}`;
        const command = runOf(runtime, bundleFor(runtime, place, name), name).join(' ');
        return `(for i in $(seq ${each}); do ${command} || exit; done) & pids="$pids $!"`;
      });
      return shell(place, `series-${lanes}-${runtime.name}`, [
        ...loops,
        'for pid in $pids; do wait $pid || exit; done',
      ]);
    },
  };
}

function crowd(size: number, command: 'state' | 'run'): Scenario {
  const others = size === 1 ? '1 container' : `${size} containers`;
  return {
    name: `crowd-${size}-${command}`,
    title: `${command}, where ${others} ${size === 1 ? 'is' : 'are'}`,
    targets: {},
    prepare: (runtime, place) => {
      const makers = Array.from({ length: size }, (_, index) => {
        const bundle = bundleFor(runtime, place, `crowd-${size}-${command}-${index}`, IDLE);
        return call(runtime, 'create', '--bundle', bundle, `crowd-${index}`);
      });
      const making = script(place, `crowd-${size}-${command}-${runtime.name}`, makers);
      runCommand(place.workspace.folder, prefixed(runtime.enter, making));
      if (command === 'state') return call(runtime, 'state', 'crowd-0');
      return runOf(runtime, bundleFor(runtime, place, `crowd-${size}-one`), 'one');
    },
  };
}

function bundleFor(
  { name: runtime }: Runtime,
  { bundles, workspace }: Place,
  name: string,
  variant: Variant = {},
): string {
  return bundles.make(`${name}-${runtime}`, workspace.cgroup, variant);
}

function runOf(runtime: Runtime, bundle: string, id: string): Command {
  return call(runtime, 'run', '--bundle', bundle, id);
}

function script(place: Place, name: string, commands: readonly Command[]): Command {
  return shell(place, name, ['set -e', ...commands.map((command) => command.join(' '))]);
}

function shell({ workspace }: Place, name: string, lines: readonly string[]): Command {
  const file = join(workspace.folder, `${name}.sh`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return ['sh', file];
}
