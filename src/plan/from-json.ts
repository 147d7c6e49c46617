import { RuntimeError } from '../error.ts';
import { TABLE_HASH } from './generated/table-hash.ts';
import type { JsonFieldValue, PlanJson, PlanJsonStep } from './print.ts';
import type { FieldValue, Plan, PlannedStep, Step } from './step.ts';
import { type FieldWidth, STEP_TABLE } from './table.ts';

/**
 * Turns a kept plan back into one that can be printed. Raw data was not kept: in its place there are as many zeros.
 *
 * @throws RuntimeError where another version of the runtime made it, whose steps mean something else
 */
export function planFromJson({ table, slots, firstOwnDescriptor, steps }: PlanJson): Plan {
  if (table !== TABLE_HASH.toString(16)) {
    throw new RuntimeError({
      operation: 'read the plan of the container',
      detail: 'another version of runts made it, whose steps this one does not know: see --json',
    });
  }
  return { slots, firstOwnDescriptor, steps: steps.map(stepFromJson) };
}

function stepFromJson({ kind, phase, origin, fields }: PlanJsonStep): PlannedStep {
  const widths: Readonly<Record<string, FieldWidth>> = STEP_TABLE[kind].fields;
  const values = Object.entries(fields).map(([name, value]): [string, FieldValue] => [
    name,
    valueFromJson(value, widths[name]),
  ]);
  return { step: { kind, ...Object.fromEntries(values) } as unknown as Step, phase, origin };
}

function valueFromJson(value: JsonFieldValue, width: FieldWidth | undefined): FieldValue {
  if (width === 'u64') return BigInt(value as string);
  if (typeof value === 'object' && 'bytes' in value) return new Uint8Array(value.bytes);
  return value;
}
