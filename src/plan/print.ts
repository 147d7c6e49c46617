import { TABLE_HASH } from './generated/wire-shapes.ts';
import { hexadecimal } from './hexadecimal.ts';
import { showField } from './show-field.ts';
import type { FieldValue, Origin, Phase, Plan, PlannedStep, Step, StepKind } from './step.ts';
import { type Actor, type FieldWidth, STEP_TABLE } from './table.ts';

/** A plan as a JSON value, for programs. */
export interface PlanJson {
  readonly version: 1;
  /** Hash of the table of steps, in hexadecimal. */
  readonly table: string;
  readonly slots: readonly string[];
  readonly firstOwnDescriptor: number;
  readonly steps: readonly PlanJsonStep[];
}

export interface PlanJsonStep {
  readonly kind: StepKind;
  readonly actor: Actor;
  readonly phase: Phase;
  readonly origin: Origin;
  /** u64 as decimal text; of raw data only how much it is. */
  readonly fields: Readonly<Record<string, JsonFieldValue>>;
}

export type JsonFieldValue =
  | number
  | boolean
  | string
  | readonly string[]
  | readonly number[]
  | { readonly bytes: number };

/** @returns the plan as a plain value for JSON */
export function planToJson({ steps, slots, firstOwnDescriptor }: Plan): PlanJson {
  return {
    version: 1,
    table: hexadecimal(TABLE_HASH),
    slots,
    firstOwnDescriptor,
    steps: steps.map(stepToJson),
  };
}

function stepToJson({ step, phase, origin }: PlannedStep): PlanJsonStep {
  return {
    kind: step.kind,
    actor: STEP_TABLE[step.kind].actor,
    phase,
    origin,
    fields: Object.fromEntries(fieldsOf(step).map(([name, value]) => [name, jsonOf(value)])),
  };
}

function jsonOf(value: FieldValue): JsonFieldValue {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? { bytes: value.length } : value;
}

/** The fields of a step in the order of the table. */
function fieldsOf(step: Step): [name: string, value: FieldValue][] {
  const widths: Readonly<Record<string, FieldWidth>> = STEP_TABLE[step.kind].fields;
  const values = step as unknown as Readonly<Record<string, FieldValue>>;
  return Object.keys(widths).map((name) => [name, values[name] as FieldValue]);
}

/**
 * Prints a plan for people: a line for each step with its number, who does it, what it does and what asked for it; a
 * heading for each phase. What a step does not set is left out.
 */
export function printPlan({ steps, slots, firstOwnDescriptor }: Plan): string {
  const lines = slots.map((use, slot) => `slot ${slot}: ${use}`);
  lines.push(`the helper's own descriptors: ${firstOwnDescriptor} and up`);
  let current: Phase | undefined;
  for (const [index, { step, phase, origin }] of steps.entries()) {
    if (phase !== current) lines.push('', `${phase}:`);
    current = phase;
    const number = String(index).padStart(4);
    const actor = STEP_TABLE[step.kind].actor.padEnd(7);
    const mark = step.kind === 'barrier' ? '--' : '  ';
    lines.push(`${number} ${actor} ${mark} ${printStep(step)}  <- ${printOrigin(origin)}`);
  }
  return `${lines.join('\n')}\n`;
}

function printStep(step: Step): string {
  const words = fieldsOf(step).flatMap(([name, value]) => {
    const shown = showField(step.kind, name, value);
    return shown === undefined ? [] : [`${name}=${shown}`];
  });
  return [step.kind, ...words].join(' ');
}

function printOrigin(origin: Origin): string {
  switch (origin.from) {
    case 'config':
      return origin.pointers.join(' ');
    case 'specification':
      return origin.clause;
    case 'caller':
      return `exec ${origin.parts.join(' ')}`;
    case 'runtime':
      return `runts: ${origin.reason}`;
    default:
      return origin satisfies never;
  }
}
