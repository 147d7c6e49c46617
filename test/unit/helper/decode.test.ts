import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePlan } from '../../../src/plan/encode.ts';
import type { Plan, Step } from '../../../src/plan/step.ts';
import { type FieldWidth, STEP_TABLE } from '../../../src/plan/table.ts';

const ROUNDS = 20_000;
const SAMPLES: Record<FieldWidth, unknown> = {
  u32: 0xfffffffe,
  i32: -1000,
  u64: 0xffffffffffffffffn,
  flag: true,
  slot: 63,
  text: 'a text',
  path: '/a/päth',
  texts: ['', 'one', 'three'],
  u32s: [0, 1, 0xffffffff],
  bytes: new Uint8Array([1, 0, 2, 0, 255]),
};

/** One step of each kind that the helper does, each field filled. */
function everyKind(): Plan {
  const steps = Object.entries(STEP_TABLE).filter(([, { actor }]) => actor !== 'runtime');
  return {
    slots: ['start gate'],
    firstOwnDescriptor: 4,
    steps: steps.map(([kind, { fields }]) => {
      const values = Object.entries(fields).map(([name, width]) => [name, SAMPLES[width]]);
      const step = { kind, ...Object.fromEntries(values) } as unknown as Step;
      return { step, phase: 'execute', origin: { from: 'runtime', reason: 'a test' } };
    }),
  };
}

describe('the decoder of the helper', () => {
  const directory = mkdtempSync(join(tmpdir(), 'runts-decode-'));
  const program = join(directory, 'decode-fuzz');
  let output = '';

  beforeAll(() => {
    writeFileSync(join(directory, 'plan'), encodePlan(everyKind()));
    execFileSync('g++', [
      '-std=c++17',
      '-O1',
      '-g',
      '-fsanitize=address,undefined',
      '-fno-sanitize-recover=all',
      '-I',
      'addon/init',
      '-o',
      program,
      'test/unit/helper/decode-fuzz.cc',
    ]);
    output = execFileSync(program, [join(directory, 'plan'), String(ROUNDS)], { encoding: 'utf8' });
  }, 120_000);

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('reads every kind of step that the encoder writes', () => {
    expect(output).toContain(`whole ${everyKind().steps.length}\n`);
  });

  test(`stays inside the plan for ${ROUNDS} damaged ones, and refuses most of them`, () => {
    const counts = /refused (\d+) accepted (\d+)/.exec(output) ?? [];
    expect(Number(counts[1]) + Number(counts[2])).toBe(ROUNDS);
    // The others were changed only inside of a text or a number, which may be anything.
    expect(Number(counts[1])).toBeGreaterThan(ROUNDS / 4);
  });
});
