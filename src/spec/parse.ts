import { type JsonDocument, parseJson } from './json.ts';
import type { Spec } from './types.ts';
import { validateSpec } from './validate.ts';
import { findWarnings } from './warnings.ts';

/** A configuration that was accepted. */
export interface ParsedSpec {
  readonly spec: Spec;
  /** Tells line and column of a JSON pointer. */
  readonly document: JsonDocument;
  /** Lines for the log: unknown fields and what is deprecated. */
  readonly warnings: readonly string[];
}

/**
 * Turns the bytes of a configuration into a validated spec.
 *
 * @param file what messages call it
 * @throws RuntimeError where it is not JSON (by RFC 8259, strictly), with the first fault
 * @throws SpecError where it is no configuration that can be run, with every failure
 */
export function parseSpec(bytes: Uint8Array, file: string): ParsedSpec {
  const document = parseJson(bytes, file);
  const spec = validateSpec(document);
  return { spec, document, warnings: findWarnings(document, spec) };
}
