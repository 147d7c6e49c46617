import { describe, expect, test } from 'vitest';
import { planToJson, printPlan } from '../../../src/plan/print.ts';
import type { Plan, Step } from '../../../src/plan/step.ts';
import { STEP_TABLE } from '../../../src/plan/table.ts';
import { GOLDEN_PLANS } from './golden-plans.ts';

const planOf = (...steps: Step[]): Plan => ({
  steps: steps.map((step) => ({
    step,
    phase: 'limits',
    origin: { from: 'config', pointers: ['/process/rlimits/0'] },
  })),
  slots: [],
  firstOwnDescriptor: 4,
});

describe('planToJson', () => {
  test('keeps all of a plan through JSON', () => {
    for (const compile of Object.values(GOLDEN_PLANS)) {
      const { plan } = compile();
      const json = planToJson(plan);
      expect(JSON.parse(JSON.stringify(json))).toEqual(json);
      expect(json.steps.map(({ kind }) => kind)).toEqual(plan.steps.map(({ step }) => step.kind));
      for (const { kind, fields, actor } of json.steps) {
        expect(Object.keys(fields)).toEqual(Object.keys(STEP_TABLE[kind].fields));
        expect(actor).toBe(STEP_TABLE[kind].actor);
      }
    }
  });

  test('writes u64 as decimal text and of a filter only its size', () => {
    const { steps } = planToJson(
      planOf(
        { kind: 'rlimit', resource: 7, soft: 1n, hard: 18_446_744_073_709_551_615n },
        { kind: 'seccomp', flags: 0, filter: new Uint8Array(24), notify: false },
      ),
    );
    expect(steps[0]?.fields).toEqual({ resource: 7, soft: '1', hard: '18446744073709551615' });
    expect(steps[1]?.fields).toEqual({ flags: 0, filter: { bytes: 24 }, notify: false });
  });
});

describe('printPlan', () => {
  const line = (step: Step): string => printPlan(planOf(step)).split('\n').at(-2)?.trim() ?? '';

  test('names bits, limits and namespaces', () => {
    expect(line({ kind: 'rlimit', resource: 7, soft: 1n, hard: (1n << 64n) - 1n })).toBe(
      '0 init       rlimit resource=NOFILE soft=1 hard=unlimited  <- /process/rlimits/0',
    );
    expect(line({ kind: 'enterNamespace', slot: 1, nsType: 0x80 })).toContain('nsType=time');
    expect(line({ kind: 'boundCapabilities', bounding: 0n })).toContain('bounding=none');
  });

  test('shows a bit that has no name', () => {
    expect(
      line({
        kind: 'changeMount',
        target: '/',
        recursive: false,
        set: 0x401n,
        clear: 0n,
        propagation: 0n,
      }),
    ).toContain('set=rdonly,0x400');
  });

  test('quotes what a terminal would obey', () => {
    expect(line({ kind: 'hostname', name: 'a\u001b[31mb' })).toContain('name="a\\u001b[31mb"');
  });
});
