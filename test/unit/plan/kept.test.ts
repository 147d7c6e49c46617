import { describe, expect, test } from 'vitest';
import { RuntimeError } from '../../../src/error.ts';
import { decodePlan } from '../../../src/plan/decode.ts';
import { encodePlan } from '../../../src/plan/encode.ts';
import { keepPlan } from '../../../src/plan/kept.ts';
import { readKeptPlan } from '../../../src/plan/read-kept.ts';
import type { FieldValue, Plan, Step, StepKind } from '../../../src/plan/step.ts';
import { type FieldWidth, STEP_TABLE } from '../../../src/plan/table.ts';
import { checksum } from '../../../src/syscalls/identity.ts';
import { GOLDEN_PLANS } from './golden-plans.ts';
import { KINDS, planOf, sampleSteps } from './sample-steps.ts';

const keep = (plan: Plan): Uint8Array => keepPlan(plan, encodePlan(plan), checksum);
const read = (kept: Uint8Array): Plan => readKeptPlan(kept, checksum);

/** Always the same numbers, which look like any (an LCG with the constants of C's minimal standard). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % below;
  };
}

const LETTERS = ['a', '/', '.', 'ä', '€', '😀', '\n', '"', '\\'];

function anyValue(width: FieldWidth, pick: (below: number) => number): FieldValue {
  const list = <T>(make: () => T): T[] => Array.from({ length: pick(9) }, make);
  const text = () => list(() => LETTERS[pick(LETTERS.length)]).join('');
  const number = () => pick(0x1_0000) * 0x1_0000 + pick(0x1_0000);
  switch (width) {
    case 'u32':
    case 'slot':
      return number();
    case 'i32':
      return number() | 0;
    case 'u64':
      return (BigInt(number()) << 32n) | BigInt(number());
    case 'flag':
      return pick(2) === 1;
    case 'text':
    case 'path':
      return text();
    case 'texts':
      return list(text);
    case 'u32s':
      return list(number);
    case 'bytes':
      return Uint8Array.from(list(() => pick(256)));
    default:
      return width satisfies never;
  }
}

function anyStep(kind: StepKind, pick: (below: number) => number): Step {
  const fields: Readonly<Record<string, FieldWidth>> = STEP_TABLE[kind].fields;
  const values = Object.entries(fields).map(([name, width]) => [name, anyValue(width, pick)]);
  return { kind, ...Object.fromEntries(values) } as Step;
}

describe('a kept plan', () => {
  test.each(Object.entries(GOLDEN_PLANS))('of %s comes back whole', (_name, compile) => {
    const { plan } = compile();
    expect(read(keep(plan))).toStrictEqual(plan);
  });

  test.each(KINDS)('keeps %s, the edges of its fields and a hundred others', (kind) => {
    const pick = numbersFrom(KINDS.indexOf(kind) + 1);
    const steps = [...sampleSteps(kind), ...Array.from({ length: 100 }, () => anyStep(kind, pick))];
    const plan = planOf(steps);
    expect(read(keep(plan))).toStrictEqual(plan);
  });

  test('has the bytes that the helper was sent behind its checksum', () => {
    const plan = planOf(KINDS.flatMap(sampleSteps));
    const sent = encodePlan(plan);
    expect(Buffer.compare(keep(plan).subarray(4, 4 + sent.length), sent)).toBe(0);
  });

  test('of another version is refused, because its steps mean something else', () => {
    const kept = keep(planOf(sampleSteps('hostname')));
    kept[12] = ~(kept[12] as number);
    new DataView(kept.buffer, kept.byteOffset).setUint32(0, checksum(kept.subarray(4)), true);
    expect(() => read(kept)).toThrow(
      'read the plan of the container: another version of runts made it, whose steps this one does not know',
    );
  });

  test('that ends too early is damaged, wherever it ends', () => {
    const kept = keep(planOf([...sampleSteps('mountBind'), ...sampleSteps('writePid')]));
    for (let length = 0; length < kept.length; length++) {
      const attempt = () => read(kept.subarray(0, length));
      expect(attempt).toThrow(RuntimeError);
      expect(attempt).toThrow('read the plan of the container: it is damaged: ');
    }
  });

  test('with any byte changed is damaged', () => {
    const kept = keep(planOf(KINDS.map((kind) => anyStep(kind, numbersFrom(7)))));
    const pick = numbersFrom(11);
    for (let at = 0; at < kept.length; at++) {
      const changed = Uint8Array.from(kept);
      changed[at] = (changed[at] as number) ^ (1 + pick(255));
      expect(() => read(changed)).toThrow(
        'read the plan of the container: it is damaged: its checksum is another one',
      );
    }
  });
});

describe('decodePlan', () => {
  const bytes = () => encodePlan(planOf(sampleSteps('hostname')));
  const change = (word: number, value: number): Uint8Array => {
    const changed = bytes();
    new DataView(changed.buffer, changed.byteOffset).setUint32(word * 4, value, true);
    return changed;
  };

  test.each([
    ['something else', change(0, 0), 'it does not begin as a plan does'],
    ['less than it says', change(4, 4096), 'it is shorter than it says'],
    ['more than its steps', change(5, 3), 'it has another size than it says'],
    ['a step of no kind', change(12, 9999), 'step 0 is of kind 9999, which there is not'],
    ['a step of another size', change(14, 12), 'step 0 has another size than it says'],
    ['a text without end', change(15, 0xffff_fff0), 'the data of a field end too early'],
  ])('refuses %s', (_what, changed, message) => {
    expect(() => decodePlan(changed)).toThrow(RangeError);
    expect(() => decodePlan(changed)).toThrow(message);
  });
});
