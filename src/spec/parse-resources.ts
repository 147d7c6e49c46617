import { SpecError } from './failure.ts';
import { parseJson } from './json.ts';
import { escapeToken } from './json-parser.ts';
import type { Resources } from './types.ts';
import { findUnknown } from './unknown.ts';
import { findFailures } from './validate.ts';

const PLACE = '/linux/resources';

/** Resources that were accepted. */
export interface ParsedResources {
  /** Without the unknown fields. */
  readonly resources: Resources;
  /** Lines for the log: unknown fields. */
  readonly warnings: readonly string[];
}

/**
 * Turns the bytes of resources, as `update --resources` takes them, into validated ones: a configuration is made around
 * them, so that everything that holds for `linux.resources` in config.json holds here.
 *
 * @param file what messages call it
 * @throws RuntimeError where it is not JSON
 * @throws SpecError with every failure; pointers begin at the resources
 */
export function parseResources(bytes: Uint8Array, file: string): ParsedResources {
  const document = parseJson(bytes, file);
  const around = {
    ociVersion: '1.0.0',
    root: { path: '/' },
    linux: { resources: document.value },
  };
  const locate = (pointer: string) => document.locate(pointer.slice(PLACE.length));
  const { text, hasEscapes } = document;
  const whole = { file, text, hasEscapes, value: around, locate };
  const failures = findFailures(whole).map((failure) => ({
    ...failure,
    pointer: failure.pointer.slice(PLACE.length),
  }));
  if (failures.length > 0) throw new SpecError(document, failures);
  const unknown = findUnknown(around).map((pointer) => pointer.slice(PLACE.length));
  const warnings = unknown.map((pointer) => {
    const { line, column } = document.locate(pointer);
    return `${file}:${line}:${column}: ${pointer}: unknown field, ignored`;
  });
  const resources = without(new Set(unknown), '', document.value) as Resources;
  return { resources, warnings };
}

/** @returns the value, which stands at a pointer, without the members at some others */
function without(pointers: ReadonlySet<string>, at: string, value: unknown): unknown {
  if (pointers.size === 0 || typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, `${at}/${escapeToken(name)}`, member] as const)
    .filter(([, pointer]) => !pointers.has(pointer))
    .map(([name, pointer, member]) => [name, without(pointers, pointer, member)] as const);
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}
