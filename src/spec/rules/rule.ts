import { show } from '../failure.ts';
import type { Spec } from '../types.ts';

/** Takes what a rule found: a JSON pointer, and the sentence that follows it. */
export type Report = (pointer: string, detail: string) => void;

/** One demand of the specification or of the kernel that a schema can't say; looks at a spec of the right shape. */
export type Rule = (spec: Spec, report: Report) => void;

/** The one form of a rule's sentence: `expected an absolute path, got "tmp"`. */
export function expected(what: string, got: unknown): string {
  return `expected ${what}, got ${show(got)}`;
}

/** The last id is (uid_t) -1, which system calls read as "leave as it is". */
export const HIGHEST_ID = 4_294_967_294;
