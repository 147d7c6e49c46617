import { describe, expect, test } from 'vitest';
import { type Changes, failuresWith } from './support.ts';

export interface RuleCases {
  /** Claim, changes to a small configuration, and every failure as `pointer: sentence`. */
  readonly refused: readonly (readonly [claim: string, changes: Changes, ...failures: string[]])[];
  /** Claim, and changes that give no failure at all. */
  readonly accepted: readonly (readonly [claim: string, changes: Changes])[];
}

/** Makes a test of each case of a rule. */
export function describeRule(subject: string, { refused, accepted }: RuleCases): void {
  describe(`${subject}: refused is`, () => {
    for (const [claim, changes, ...failures] of refused) {
      test(claim, () => expect(failuresWith(changes)).toEqual(failures));
    }
  });
  describe(`${subject}: accepted is`, () => {
    for (const [claim, changes] of accepted) {
      test(claim, () => expect(failuresWith(changes)).toEqual([]));
    }
  });
}
