import { OUTER_STEPS } from './steps/outer.ts';
import { PROCESS_STEPS } from './steps/process.ts';
import { ROOTFS_STEPS } from './steps/rootfs.ts';
import { RUNTIME_STEPS } from './steps/runtime.ts';

/**
 * The table of steps: the one place where a step's name, actor, fields, widths and sub-steps are declared.
 *
 * From it come the TypeScript types (`step.ts`), the encoder (`encode.ts`), the C++ structures and decoder
 * (`addon/init/generated/`), the printer (`print.ts`) and the reference in `docs/STEPS.md`. A change here
 * changes the table's hash, and a helper built from another table refuses the plan.
 *
 * Field widths: `u32`, `i32`, `u64`; `flag` is a u32 that is 0 or 1; `slot` is the number of a descriptor that
 * the runtime passes with the plan; `text` and `path` are strings without NUL; `texts` and `u32s` are lists;
 * `bytes` is raw data. A path named `target` lies inside the container's root and is resolved by the helper.
 */
export const FIELD_WIDTHS = [
  'u32',
  'i32',
  'u64',
  'flag',
  'slot',
  'text',
  'path',
  'texts',
  'u32s',
  'bytes',
] as const;
export type FieldWidth = (typeof FIELD_WIDTHS)[number];

/** Who does a step: the runtime (TypeScript), the outer helper, or init in the container's namespaces. */
export type Actor = 'runtime' | 'outer' | 'init';

export interface StepDefinition {
  readonly actor: Actor;
  /** One sentence for the reference: what the step does, and the man page or clause it follows. */
  readonly doc: string;
  readonly fields: Readonly<Record<string, FieldWidth>>;
  /** What can fail inside the step, in the order in which it is done. */
  readonly subSteps: readonly string[];
}

export const STEP_TABLE = {
  ...RUNTIME_STEPS,
  ...OUTER_STEPS,
  ...ROOTFS_STEPS,
  ...PROCESS_STEPS,
} as const satisfies Record<string, StepDefinition>;
