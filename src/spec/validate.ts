import { type Failure, SpecError } from './failure.ts';
import type { JsonDocument } from './json.ts';
import { findRuleFailures } from './rules.ts';
import { findShapeFailures } from './shape.ts';
import type { Spec } from './types.ts';
import { findUnsupported } from './unsupported.ts';

export { SpecError } from './failure.ts';

/**
 * Checks a configuration against the schema, then against the rules that a schema can't say, then for what is valid
 * but not supported yet. The rules look only at a document of the right shape.
 *
 * @returns the document's value, typed
 * @throws SpecError with every failure, each with line, column and pointer
 */
export function validateSpec(document: JsonDocument): Spec {
  const failures = findFailures(document);
  if (failures.length > 0) throw new SpecError(document, failures);
  return document.value as Spec;
}

/** What {@link validateSpec} would refuse, as values. */
export function findFailures(document: JsonDocument): Failure[] {
  const failures = findShapeFailures(document.value);
  if (failures.length > 0) return failures;
  const spec = document.value as Spec;
  return [...findRuleFailures(spec, document), ...findUnsupported(spec)];
}
