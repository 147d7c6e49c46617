import { RuntimeError } from '../error.ts';
import type { JsonDocument } from './json.ts';

/** One thing that is wrong with a configuration. */
export interface Failure {
  /** JSON pointer of the value; of the object that lacks something where the value is absent. */
  readonly pointer: string;
  /** The sentence after the pointer: `expected an absolute path, got "tmp"`. */
  readonly detail: string;
  /** What says so: the shape of the document, a rule beyond it, or that it is valid but not built yet. */
  readonly by: 'schema' | 'rule' | 'unsupported';
}

/** How many failures a message names; a file of another kind can have thousands. */
const SHOWN = 100;

/** A configuration that was refused: every failure, each with its place in the file. */
export class SpecError extends RuntimeError {
  readonly failures: readonly Failure[];

  constructor(document: JsonDocument, failures: readonly Failure[]) {
    const lines = failures.slice(0, SHOWN).map(({ pointer, detail }) => {
      const { line, column } = document.locate(pointer);
      return `${document.file}:${line}:${column}: ${pointer || '/'}: ${detail}`;
    });
    const rest = failures.length - lines.length;
    if (rest > 0) lines.push(`${document.file}: and ${rest} more`);
    super({ operation: '', detail: lines.join('\n') });
    this.name = 'SpecError';
    this.failures = failures;
  }
}

/** How a value is shown in a message: short, on one line, with nothing that a terminal would obey. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return String(value);
  const text = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, '?');
}

/** Follows a JSON pointer. @returns the value there, undefined if there is none */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const token of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
