import { describe, expect, test } from 'vitest';
import { printPlan } from '../../../src/plan/print.ts';
import { GOLDEN_PLANS } from './golden-plans.ts';

describe('compileCreate', () => {
  for (const [name, compile] of Object.entries(GOLDEN_PLANS)) {
    test(`gives the plan that is kept in golden/${name}.txt`, async () => {
      const { plan, warnings } = compile();
      const text = printPlan(plan) + warnings.map((warning) => `\nwarning: ${warning}\n`).join('');
      await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
    });
  }

  test('is a function of its input alone', () => {
    for (const compile of Object.values(GOLDEN_PLANS)) {
      expect(printPlan(compile().plan)).toBe(printPlan(compile().plan));
    }
  });
});
