import { show } from '../failure.ts';
import type { JsonDocument } from '../json.ts';
import { escapeToken, type JsonMap } from '../json-parser.ts';
import type { Spec } from '../types.ts';
import type { Report, Rule } from './rule.ts';

/** What escapes a document has. */
export type Escapes = Pick<JsonDocument, 'text' | 'hasEscapes'>;

/**
 * The kernel would see only what stands before a NUL. Annotations are for people and engines, and may hold anything.
 *
 * @param document a NUL can only be written as an escape in its text, so mostly there is nothing to walk through
 */
export function noNul(spec: Spec, { text, hasEscapes }: Escapes, report: Report): void {
  if (!hasEscapes || !text.includes('\\u0000')) return;
  const { annotations: _, ...rest } = spec;
  walk('', rest);

  function walk(pointer: string, value: unknown): void {
    if (typeof value === 'string' && value.includes('\0')) {
      report(pointer, `expected a string without NUL, got ${show(value)}`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, child] of Object.entries(value as JsonMap)) {
        const place = `${pointer}/${escapeToken(name)}`;
        if (name.includes('\0')) report(place, 'expected a name without NUL');
        walk(place, child);
      }
    }
  }
}

/** config.md, "Annotations": keys MUST NOT be empty. */
export const annotationNames: Rule = ({ annotations }, report) => {
  if (annotations !== undefined && Object.hasOwn(annotations, '')) {
    report('/annotations/', 'expected a name, got an empty one');
  }
};
