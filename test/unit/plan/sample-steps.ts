import type { FieldValue, Plan, Step, StepKind } from '../../../src/plan/step.ts';
import { type FieldWidth, STEP_TABLE } from '../../../src/plan/table.ts';

export const KINDS = Object.keys(STEP_TABLE) as StepKind[];
/** Those of the helper. */
export const SENT = KINDS.filter((kind) => STEP_TABLE[kind].actor !== 'runtime');

/** Values at the edges of their widths, and of the padding to four bytes. */
const SAMPLES: Readonly<Record<FieldWidth, readonly FieldValue[]>> = {
  u32: [0, 0xffff_ffff],
  i32: [-1000, 0x7fff_ffff],
  u64: [0n, 0xffff_ffff_ffff_ffffn],
  flag: [false, true],
  slot: [0, 63],
  text: ['', 'äß€😀', 'abc', 'abcd'],
  path: ['/', '/a/b'],
  texts: [[], ['', 'a', 'abc', 'abcd']],
  u32s: [[], [0, 1, 0xffff_ffff]],
  bytes: [new Uint8Array(), new Uint8Array([0, 255, 1]), new Uint8Array(70_000)],
};

/** @returns steps of a kind that together have each of these values of each width */
export function sampleSteps(kind: StepKind): Step[] {
  const fields: Readonly<Record<string, FieldWidth>> = STEP_TABLE[kind].fields;
  const most = Math.max(1, ...Object.values(fields).map((width) => SAMPLES[width].length));
  return Array.from({ length: most }, (_, index) => {
    const values = Object.entries(fields).map(([name, width]) => [
      name,
      SAMPLES[width][index % SAMPLES[width].length],
    ]);
    return { kind, ...Object.fromEntries(values) } as Step;
  });
}

export function planOf(steps: readonly Step[]): Plan {
  const origin = { from: 'runtime', reason: 'a test' } as const;
  return {
    steps: steps.map((step) => ({ step, phase: 'mounts', origin })),
    slots: ['gate'],
    firstOwnDescriptor: 4,
  };
}
