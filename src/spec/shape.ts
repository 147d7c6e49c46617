import { type Failure, show, valueAt } from './failure.ts';
import type { SchemaError } from './generated/validator.js';
import { validate } from './generated/validator.js';

/** Holds a value against the schema of config.json. @returns every failure, none if it fits */
export function findShapeFailures(value: unknown): Failure[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => ({
    pointer: error.instancePath,
    detail: describe(error, value),
    by: 'schema',
  }));
}

function describe({ keyword, params, instancePath }: SchemaError, root: unknown): string {
  if (keyword === 'required') return `expected a property ${show(params.missingProperty)}`;
  return `expected ${expectation(keyword, params)}, got ${show(valueAt(root, instancePath))}`;
}

function expectation(keyword: string, params: SchemaError['params']): string {
  switch (keyword) {
    case 'type':
      return TYPES[String(params.type)] ?? String(params.type);
    case 'integer64':
      return params.type === 'uint64' ? 'an integer from 0 to 2^64-1' : 'an integer of 64 bits';
    case 'minimum':
      return `an integer from ${params.limit} up`;
    case 'maximum':
      return `an integer up to ${params.limit}`;
    case 'minItems':
      return `at least ${params.limit} entry`;
    case 'enum':
      return oneOf(params.allowedValues as readonly string[]);
    case 'pattern':
      return PATTERNS[String(params.pattern)] ?? `text like ${params.pattern}`;
    default:
      return `what ${keyword} demands`;
  }
}

function oneOf(words: readonly string[]): string {
  return `one of ${words.join(', ')}`;
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'true or false',
  integer: 'an integer',
  object: 'an object',
  string: 'a string',
};

/** The schema's patterns in words; a test finds one that is missing here. */
export const PATTERNS: Readonly<Record<string, string>> = {
  '^RLIMIT_[A-Z]+$': 'the name of a resource limit such as RLIMIT_NOFILE',
  '^[0-9, -]*$': 'a list of CPUs such as 0-3,7',
  '^[1-9][0-9]*[KMG]B$': 'a size of huge pages such as 64KB, 2MB or 1GB',
  '^[cbup]$': 'one of c, b, u, p',
  '^MB:[^\\n]*$': 'a line that begins with MB:',
};
