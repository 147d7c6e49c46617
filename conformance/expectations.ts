/** The list of what every program is expected to come to, and the comparison with what it came to. */
import { readFileSync } from 'node:fs';
import type { Checks } from './tap.ts';

/** A check that is known to fail, with the reason that was found by reading the program. */
export interface AcceptedFailure {
  /** Name of the check; `exit status` stands for a program that gives up. */
  readonly check: string;
  readonly times: number;
  /** `suite`: no right runtime can pass it. `machine`: another machine may. `race`: the program passes it by chance. */
  readonly fault: 'suite' | 'machine' | 'race';
  readonly reason: string;
  /** What the program has to print, so that a failure for another reason is not taken for this one. */
  readonly says?: string;
}

export interface Expectation {
  readonly passed: number;
  readonly failed: readonly AcceptedFailure[];
}

export type Expectations = Readonly<Record<string, Expectation>>;

export interface Outcome extends Checks {
  /** All that it has printed. */
  readonly text: string;
  /** undefined: ended with status 0. */
  readonly trouble: string | undefined;
  /** What it left behind on the machine, one line each. */
  readonly leftovers: readonly string[];
}

export interface Verdict {
  /** Each of these counts as a failure. */
  readonly differences: readonly string[];
  /** Better than expected for a reason that may lie in the machine. */
  readonly notes: readonly string[];
  readonly accepted: readonly AcceptedFailure[];
}

/** The name under which a program's own failing counts as one more failed check. */
export const EXIT_STATUS = 'exit status';

/** @param file expectations.json */
export function readExpectations(file: string): Expectations {
  return JSON.parse(readFileSync(file, 'utf8')) as Expectations;
}

/**
 * @param expected undefined for a program that the list does not have: all of it must pass
 * @param outcome what the program came to
 */
export function compare(expected: Expectation | undefined, outcome: Outcome): Verdict {
  const differences = [...outcome.leftovers.map((what) => `left behind: ${what}`)];
  const notes: string[] = [];
  const accepted: AcceptedFailure[] = [];
  const failed = countNames(outcome.failed);
  if (outcome.trouble !== undefined) failed.set(EXIT_STATUS, 1);

  const gaveUp = outcome.trouble !== undefined && !expects(expected, EXIT_STATUS);
  for (const failure of expected?.failed ?? []) {
    const times = failed.get(failure.check) ?? 0;
    failed.delete(failure.check);
    if (times > 0 && failure.says !== undefined && !outcome.text.includes(failure.says)) {
      differences.push(`failed for another reason than the listed one: ${failure.check}`);
    }
    for (let n = 0; n < Math.min(times, failure.times); n++) accepted.push(failure);
    if (times > failure.times) {
      differences.push(`failed ${times} times, ${failure.times} accepted: ${failure.check}`);
    } else if (times < failure.times && !gaveUp) {
      const passes = `${failure.times - times} of ${failure.times} accepted failures are gone: ${failure.check}`;
      if (failure.fault === 'machine') notes.push(passes);
      if (failure.fault === 'suite') differences.push(`${passes}: take it off the list`);
    }
  }
  for (const [check, times] of failed) {
    const why = check === EXIT_STATUS ? `: ${outcome.trouble}` : '';
    differences.push(`failed${times === 1 ? '' : ` ${times} times`}: ${check}${why}`);
  }
  const unlucky = accepted.filter(({ fault }) => fault === 'race').length;
  comparePassed(expected, outcome.passed + unlucky, differences, notes);
  return { differences, notes, accepted };
}

const expects = (expected: Expectation | undefined, check: string): boolean =>
  expected?.failed.some((failure) => failure.check === check) ?? false;

/** Fewer checks than listed means that a program has stopped looking; more may be the machine's doing. */
function comparePassed(
  expected: Expectation | undefined,
  passed: number,
  differences: string[],
  notes: string[],
): void {
  if (expected === undefined) notes.push('not in expectations.json');
  else if (passed < expected.passed) differences.push(`${passed} of ${expected.passed} passed`);
  else if (passed > expected.passed) notes.push(`${passed} passed, ${expected.passed} listed`);
}

function countNames(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
