import type { Stage } from './stages.ts';
import type { FieldWidth, STEP_TABLE } from './table.ts';

type Table = typeof STEP_TABLE;
export type StepKind = keyof Table;
/** The kinds that the helper does, and so can report; the others are the runtime's own. */
export type HelperKind = {
  [K in StepKind]: Table[K]['actor'] extends 'runtime' ? never : K;
}[StepKind];

interface FieldValues {
  u32: number;
  i32: number;
  u64: bigint;
  flag: boolean;
  slot: number;
  text: string;
  path: string;
  texts: readonly string[];
  u32s: readonly number[];
  bytes: Uint8Array;
}
export type FieldValue = FieldValues[FieldWidth];

type Fields<K extends StepKind> = {
  readonly [F in keyof Table[K]['fields']]: Table[K]['fields'][F] extends FieldWidth
    ? FieldValues[Table[K]['fields'][F]]
    : never;
};

/** One step of one kind, with the fields that the table declares. */
export type StepOf<K extends StepKind> = { readonly kind: K } & Fields<K>;
export type Step = { [K in StepKind]: StepOf<K> }[StepKind];

/**
 * What asked for a step: places in config.json, a clause of the specification, the caller, or the runtime itself.
 * A pointer is never invented.
 */
export type Origin =
  | { readonly from: 'config'; readonly pointers: readonly string[] }
  | { readonly from: 'specification'; readonly clause: string }
  /** Whoever called `exec`: options, and JSON pointers of what was left as it is in config.json. */
  | { readonly from: 'caller'; readonly parts: readonly string[] }
  | { readonly from: 'runtime'; readonly reason: string };

/** The phases of a plan, in the order in which they run (`compile.ts` says why in this order). */
export type Phase =
  | 'place'
  | 'namespaces'
  | 'identity'
  | 'rootfs'
  | 'mounts'
  | 'devices'
  | 'hooks'
  | 'seal'
  | 'pivot'
  | 'limits'
  | 'user'
  | 'ready'
  | 'start'
  | 'execute';

export interface PlannedStep {
  readonly step: Step;
  readonly phase: Phase;
  readonly origin: Origin;
}

/** A compiled plan: what the runtime, the outer helper and init do, in order. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** How many descriptors travel with the plan, and what each is for. */
  readonly slots: readonly string[];
  /** The helper keeps its own descriptors at or above this number. */
  readonly firstOwnDescriptor: number;
}

export type { Stage };
