/** What the reader sees: one row per program, then differences, notes, accepted failures and the closing line. */
import type { Outcome, Verdict } from './expectations.ts';

export interface Row {
  readonly name: string;
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  readonly milliseconds: number;
}

const WIDTH = 34;

const FAULTS = {
  suite: "the suite's fault",
  machine: "the machine's fault",
  race: 'by chance',
};

export const renderTitle = (): string =>
  `${'program'.padEnd(WIDTH)}${'ok'.padStart(6)}${'not ok'.padStart(8)}${'skip'.padStart(6)}${'time'.padStart(8)}  verdict`;

/** A program that gives up counts as one more failure. */
const failuresOf = ({ failed, trouble }: Outcome): number =>
  failed.length + (trouble === undefined ? 0 : 1);

export function renderRow({ name, outcome, verdict, milliseconds }: Row): string {
  const numbers = [
    String(outcome.passed).padStart(6),
    String(failuresOf(outcome)).padStart(8),
    String(outcome.skipped).padStart(6),
    `${(milliseconds / 1000).toFixed(1)} s`.padStart(8),
  ];
  return `${name.padEnd(WIDTH)}${numbers.join('')}  ${judge(verdict)}`;
}

function judge({ differences, accepted }: Verdict): string {
  if (differences.length > 0) return `DIFFERS (${differences.length})`;
  return accepted.length > 0 ? 'as listed' : 'clean';
}

/**
 * @param rows what came of every program
 * @param absent names that are in the list and not in the suite
 * @returns lines to print, and how many differences there are
 */
export function summarize(
  rows: readonly Row[],
  absent: readonly string[],
): { lines: string[]; failed: number } {
  const each = (pick: (verdict: Verdict) => readonly string[], word: string): string[] =>
    rows.flatMap(({ name, verdict }) => pick(verdict).map((text) => `${word}: ${name}: ${text}`));
  const differences = [
    ...each((verdict) => verdict.differences, 'differs'),
    ...absent.map((name) => `differs: ${name}: listed, but not in the suite`),
  ];
  const accepted = each(
    (verdict) =>
      [...new Set(verdict.accepted)].map(
        (failure) =>
          `${failure.check} (${verdict.accepted.filter((it) => it === failure).length}×, ${FAULTS[failure.fault]}): ${failure.reason}`,
      ),
    'accepted',
  );
  const passed = rows.reduce((sum, { outcome }) => sum + outcome.passed, 0);
  const failing = rows.reduce((sum, { outcome }) => sum + failuresOf(outcome), 0);
  const skipped = rows.reduce((sum, { verdict }) => sum + verdict.accepted.length, 0);
  const clean = rows.filter(({ outcome }) => failuresOf(outcome) === 0).length;
  const tail = skipped === 0 ? '' : `, ${skipped} skipped`;
  const lines = [
    '',
    ...accepted,
    ...each((verdict) => verdict.notes, 'note'),
    ...differences,
    '',
    `${clean} of ${rows.length} programs clean; checks: ${passed} ok, ${failing} not ok, of these ${skipped} accepted (counted as skipped below)`,
    `${passed} passed, ${differences.length} failed${tail}`,
  ];
  return { lines, failed: differences.length };
}
