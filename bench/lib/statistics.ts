/** What a series of measurements says, and whether it says anything. */

/** Measured values of one thing in the order of the rounds; a round is a few runs, one after the other. */
export type Rounds = readonly (readonly number[])[];

/** Relative spread above which a figure is called noisy. */
export const NOISY = 0.25;

export interface Summary {
  readonly median: number;
  readonly least: number;
  /** The middle half of all values, as a fraction of the median. */
  readonly spread: number;
  readonly count: number;
}

/** @returns undefined where nothing was measured */
export function summarize(rounds: Rounds): Summary | undefined {
  const values = rounds.flat();
  if (values.length === 0) return undefined;
  const median = quantile(values, 0.5);
  return { median, least: Math.min(...values), spread: spreadOf(values), count: values.length };
}

export interface Comparison {
  /** Ours divided by theirs: below 1 we take less. */
  readonly ratio: number;
  /** The middle half of what the single rounds say. */
  readonly low: number;
  readonly high: number;
  readonly isNoisy: boolean;
}

/**
 * Compares round by round: what disturbs the machine for longer than a round disturbs both sides of it.
 *
 * @returns undefined where one of the two was not measured
 */
export function compare(ours: Rounds, theirs: Rounds): Comparison | undefined {
  const ratios: number[] = [];
  for (const [index, own] of ours.entries()) {
    const other = theirs[index];
    if (other === undefined || own.length === 0 || other.length === 0) continue;
    ratios.push(quantile(own, 0.5) / quantile(other, 0.5));
  }
  if (ratios.length === 0) return undefined;
  return {
    ratio: quantile(ratios, 0.5),
    low: quantile(ratios, 0.25),
    high: quantile(ratios, 0.75),
    isNoisy: spreadOf(ratios) > NOISY,
  };
}

export type Verdict = 'met' | 'missed' | 'too noisy to tell';

/** Holds a ratio against the most that it may be; noise matters only where it could turn the answer. */
export function judge({ ratio, low, high, isNoisy }: Comparison, target: number): Verdict {
  if (isNoisy && low <= target && target < high) return 'too noisy to tell';
  return ratio <= target ? 'met' : 'missed';
}

/** @param fraction 0 for the least, 0.5 for the median, 1 for the greatest; linear between two values */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

function spreadOf(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / quantile(values, 0.5);
}
