import { describe, expect, test } from 'vitest';
import { encodePlan, HEADER_BYTES, PLAN_MAGIC, shapeOf } from '../../../src/plan/encode.ts';
import { TABLE_HASH } from '../../../src/plan/generated/wire-shapes.ts';
import type { FieldValue, Step, StepKind } from '../../../src/plan/step.ts';
import { type FieldWidth, STEP_TABLE } from '../../../src/plan/table.ts';
import { GOLDEN_PLANS } from './golden-plans.ts';
import { KINDS, planOf, SENT, sampleSteps } from './sample-steps.ts';

/** The other end, written from the comment in encode.ts. */
class Decoder {
  at = 0;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(): number {
    expect(this.at % 4, 'alignment').toBe(0);
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  u64(): bigint {
    return BigInt(this.u32()) | (BigInt(this.u32()) << 32n);
  }

  data(): Uint8Array {
    const size = this.u32();
    const data = this.bytes.slice(this.at, this.at + size);
    const padding = this.bytes.slice(this.at + size, (this.at + size + 4) & ~3);
    expect(padding.length, 'there is a NUL at least').toBeGreaterThan(0);
    expect([...padding].every((byte) => byte === 0)).toBe(true);
    this.at += size + padding.length;
    return data;
  }

  text(): string {
    return new TextDecoder().decode(this.data());
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.u32() }, read);
  }

  field(width: FieldWidth): FieldValue {
    switch (width) {
      case 'u32':
      case 'slot':
        return this.u32();
      case 'i32':
        return this.u32() | 0;
      case 'u64':
        return this.u64();
      case 'flag':
        return this.u32() === 1;
      case 'text':
      case 'path':
        return this.text();
      case 'bytes':
        return this.data();
      case 'texts':
        return this.list(() => this.text());
      case 'u32s':
        return this.list(() => this.u32());
      default:
        return width satisfies never;
    }
  }
}

function decode(bytes: Uint8Array) {
  const decoder = new Decoder(bytes);
  const header = {
    magic: decoder.u64(),
    hash: decoder.u64(),
    total: decoder.u32(),
    steps: decoder.u32(),
    slots: decoder.u32(),
    firstOwn: decoder.u32(),
    fault: [decoder.u32(), decoder.u32(), decoder.u32()],
    reserved: decoder.u32(),
  };
  expect(decoder.at).toBe(HEADER_BYTES);
  const steps = Array.from({ length: header.steps }, () => {
    const kind = KINDS[decoder.u32()] as StepKind;
    const index = decoder.u32();
    const size = decoder.u32();
    const begin = decoder.at;
    const fields: Readonly<Record<string, FieldWidth>> = STEP_TABLE[kind].fields;
    const values = Object.entries(fields).map(([name, width]) => [name, decoder.field(width)]);
    expect(decoder.at - begin, `payload of ${kind}`).toBe(size);
    return { index, step: { kind, ...Object.fromEntries(values) } as Step };
  });
  expect(decoder.at, 'everything is consumed').toBe(bytes.length);
  return { header, steps };
}

describe('encodePlan', () => {
  test.each(SENT)('%s comes back as it was', (kind) => {
    const samples = sampleSteps(kind);
    expect(decode(encodePlan(planOf(samples))).steps.map(({ step }) => step)).toEqual(samples);
  });

  test('the header says what is in the plan', () => {
    const bytes = encodePlan(planOf(sampleSteps('hostname')), { step: 1, subStep: 2, errno: 3 });
    expect(decode(bytes).header).toEqual({
      magic: PLAN_MAGIC,
      hash: TABLE_HASH,
      total: bytes.length,
      steps: 4,
      slots: 1,
      firstOwn: 4,
      fault: [1, 2, 3],
      reserved: 0,
    });
  });

  test('steps of the runtime are not sent, and the others keep their numbers', () => {
    for (const compile of Object.values(GOLDEN_PLANS)) {
      const { plan } = compile();
      const sent = plan.steps
        .map(({ step }, index) => ({ index, step }))
        .filter(({ step }) => STEP_TABLE[step.kind].actor !== 'runtime');
      expect(decode(encodePlan(plan)).steps).toEqual(sent);
    }
  });

  test('a kind is known by its place in the table', () => {
    expect(SENT.map((kind) => shapeOf(kind)?.[0])).toEqual(SENT.map((kind) => KINDS.indexOf(kind)));
  });

  test.each([
    ['a', 16_384],
    ['€', 16_384 / 3],
  ])('a plan is as large as it has to be, of %s as well', (letter, room) => {
    for (let length = Math.floor(room) - 150; length < room + 50; length += 5) {
      const steps: Step[] = [
        { kind: 'sysctl', path: letter.repeat(length), value: letter },
        { kind: 'rlimit', resource: 1, soft: 2n, hard: 3n },
        { kind: 'joinCgroup', slots: [length, 1, 2, 3] },
      ];
      expect(decode(encodePlan(planOf(steps))).steps.map(({ step }) => step)).toEqual(steps);
    }
  });

  test('a text with a NUL is refused: the helper would read less than the plan says', () => {
    expect(() => encodePlan(planOf([{ kind: 'hostname', name: 'a\0b' }]))).toThrow('NUL');
  });
});
