/** Reads the TAP that one program of the suite prints. */
import { Parser, type Result } from 'tap-parser';

/** What the checks of one program came to; skipped ones count as neither. */
export interface Checks {
  readonly passed: number;
  readonly skipped: number;
  /** Names of the checks that failed, in order, without their numbers. */
  readonly failed: readonly string[];
}

const HEADER = 'TAP version ';

/**
 * Some programs print several documents one after the other, which no parser takes for one: they are parsed one by
 * one. What is not TAP between the checks is passed over, as TAP demands.
 *
 * @param output all that the program wrote on stdout
 */
export function readTap(output: string): Checks {
  const documents = output.split(new RegExp(`^(?=${HEADER})`, 'm'));
  const results = documents.flatMap(readDocument);
  const counted = results.filter(({ skip, todo }) => skip === false && todo === false);
  return {
    passed: counted.filter(({ ok }) => ok).length,
    skipped: results.length - counted.length,
    failed: counted.filter(({ ok }) => !ok).map(({ name }) => name),
  };
}

function readDocument(text: string): Result[] {
  const results: Result[] = [];
  const parser = new Parser();
  parser.on('assert', (result: Result) => results.push(result));
  parser.end(text);
  // The parser adds a failure of its own where the plan is missing or wrong: that is told by the exit status here.
  return results.filter(({ tapError }) => tapError === null);
}
