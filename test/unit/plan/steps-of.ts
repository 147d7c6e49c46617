import { type CompileInput, compileCreate } from '../../../src/plan/compile.ts';
import type { Origin, PlannedStep, StepKind, StepOf } from '../../../src/plan/step.ts';
import type { Linux, Mount, Process, Spec } from '../../../src/spec/types.ts';
import { inputFor } from './golden-plans.ts';

/** A container with namespaces of its own for everything but users. */
export function specWith(changes: Partial<Spec> = {}, linux: Partial<Linux> = {}): Spec {
  const types = ['mount', 'pid', 'network', 'uts', 'ipc'] as const;
  return {
    ociVersion: '1.3.0',
    root: { path: 'rootfs' },
    process: { args: ['sh'], cwd: '/' },
    ...changes,
    linux: { namespaces: types.map((type) => ({ type })), ...linux },
  };
}

export function specWithProcess(process: Partial<Process>): Spec {
  return specWith({ process: { args: ['sh'], cwd: '/', ...process } });
}

export function specWithMounts(...mounts: readonly Mount[]): Spec {
  return specWith({ mounts: [...mounts] });
}

/** The namespaces and mappings of a container with a user namespace of its own. */
export const USER_NAMESPACE: Partial<Linux> = {
  namespaces: [{ type: 'user' }, { type: 'mount' }],
  uidMappings: [{ containerID: 0, hostID: 100_000, size: 65_536 }],
  gidMappings: [{ containerID: 0, hostID: 100_000, size: 65_536 }],
};

export interface Outcome {
  readonly planned: readonly PlannedStep[];
  readonly warnings: readonly string[];
  /** The steps of one kind, in order. */
  readonly of: <K extends StepKind>(kind: K) => StepOf<K>[];
  readonly kinds: readonly StepKind[];
  readonly origins: (kind: StepKind) => Origin[];
}

export function outcome(spec: Spec, changes: Partial<CompileInput> = {}): Outcome {
  const { plan, warnings } = compileCreate(inputFor(spec, changes));
  const planned = plan.steps;
  return {
    planned,
    warnings,
    of: <K extends StepKind>(kind: K) =>
      planned.map(({ step }) => step).filter((step) => step.kind === kind) as StepOf<K>[],
    kinds: planned.map(({ step }) => step.kind),
    origins: (kind) => planned.filter(({ step }) => step.kind === kind).map(({ origin }) => origin),
  };
}
