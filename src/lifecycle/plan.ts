import { cgroupMounts } from '../cgroups/mounts.ts';
import { placeCgroup } from '../cgroups/place.ts';
import { readCgroupFacts } from '../cgroups/read-facts.ts';
import { RuntimeError } from '../error.ts';
import { basename, resolve } from '../path.ts';
import { compileCreate } from '../plan/compile.ts';
import type { HostFacts } from '../plan/facts.ts';
import type { Plan } from '../plan/step.ts';
import { readSpec } from '../spec/read.ts';
import type { Spec } from '../spec/types.ts';
import { readHostFacts } from './host.ts';
import { checkId, isId } from './ids.ts';
import { readPlan } from './kept-plan.ts';
import type { Context } from './options.ts';
import { resolveRootfs } from './rootfs.ts';
import { openStore } from './store.ts';

/** What a plan is made for; what `create` would be told besides. */
export interface PlanOptions {
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** Of the container that would be; the name of the bundle's directory unless given. */
  readonly id?: string | undefined;
  readonly noPivot: boolean;
  readonly noNewKeyring: boolean;
  readonly preserveFds: number;
}

export interface PlanReport {
  readonly plan: Plan;
  /** What `create` would log, and where this host keeps the plan from being what `create` would make. */
  readonly warnings: readonly string[];
}

/**
 * Compiles the plan of a bundle as `create` would, and makes nothing: needs no rights and no root file system.
 *
 * An ordinary user is shown the plan of root, which alone can create containers yet.
 *
 * @throws RuntimeError, SpecError: a configuration that `create` would refuse
 */
export async function planBundle({ bundle, id, ...options }: PlanOptions): Promise<PlanReport> {
  const called = id ?? nameOf(bundle);
  checkId(called);
  const { spec, warnings: ofSpec } = readSpec(bundle);
  const warnings = [...ofSpec];
  const warn = (text: string) => void warnings.push(text);

  const state = { ociVersion: spec.ociVersion, id: called, status: 'created' };
  const rest = { bundle, annotations: spec.annotations ?? {} };
  const compiled = compileCreate({
    spec,
    id: called,
    bundle,
    rootfs: findRootfs(bundle, spec.root.path, warn),
    facts: findFacts(spec, called, warn),
    ...options,
    seccomp: await compileFilter(spec, warn),
    hookState: () => ({
      beforePid: `${JSON.stringify(state).slice(0, -1)},"pid":`,
      afterPid: `,${JSON.stringify(rest).slice(1)}`,
    }),
  });
  return { plan: compiled.plan, warnings: [...warnings, ...compiled.warnings] };
}

/**
 * Reads the plan by which a container was made.
 *
 * @throws RuntimeError: no such container, or one whose plan cannot be read, or is not there yet
 */
export function planOfContainer({ root }: Context, id: string): PlanReport {
  const store = openStore(root);
  store.load(id);
  return { plan: readPlan(store, id), warnings: [] };
}

/** An id that would be legal, because a directory may be called anything. */
function nameOf(bundle: string): string {
  const name = basename(bundle);
  return isId(name) ? name : 'container';
}

/** Whether the root file system is there changes nothing about the steps, so it may be missing here. */
function findRootfs(bundle: string, path: string, warn: (text: string) => void): string {
  try {
    return resolveRootfs(bundle, path);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    warn(error.message);
    return resolve(bundle, path);
  }
}

function findFacts(spec: Spec, id: string, warn: (text: string) => void): HostFacts {
  const facts = readHostFacts(...findCgroups(spec, id, warn));
  if (facts.euid === 0) return facts;
  warn('planned as for root: running without privileges is not there yet');
  const { bounding } = facts.capabilities;
  return { ...facts, euid: 0, capabilities: { bounding, permitted: bounding } };
}

type CgroupPart = Parameters<typeof readHostFacts>;

function findCgroups(spec: Spec, id: string, warn: (text: string) => void): CgroupPart {
  const path = spec.linux?.cgroupsPath;
  try {
    const facts = readCgroupFacts();
    const place = placeCgroup({ path, id, facts });
    const versions = facts.hierarchies.map(({ version }) => version);
    return [
      cgroupMounts(place, facts),
      {
        tasks: versions.filter((version) => version === 1).length,
        directory: versions.includes(2),
      },
    ];
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    warn(`${error.message}; planned as if the memory controller were mounted alone`);
    const source = `/sys/fs/cgroup/memory/${id}`;
    return [[{ name: 'memory', aliases: [], source }], { tasks: 1, directory: false }];
  }
}

async function compileFilter(spec: Spec, warn: (text: string) => void) {
  const seccomp = spec.linux?.seccomp;
  if (seccomp === undefined) return undefined;
  const { compileSeccomp } = await import('../seccomp/compile.ts');
  const { warnings, ...program } = compileSeccomp(seccomp, process.arch);
  for (const warning of warnings) warn(warning);
  return program;
}
