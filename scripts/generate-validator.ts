/**
 * Writes `src/spec/generated/validator.js` and `names.js` (with their `.d.ts`): the check of config.json against the
 * schema of `src/spec/schema.ts`, compiled by ajv to plain code, and the property names that the schema knows.
 *
 * The code imports nothing, so that the running program holds neither ajv nor the schema.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type AjvClass from 'ajv';
import type { AnyValidateFunction } from 'ajv/dist/types/index.js';
import { Spec } from '../src/spec/schema.ts';

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [key: string]: Json };

// ajv is CommonJS; what an import of it gives depends on the loader, what require gives does not.
const require = createRequire(import.meta.url);
const { Ajv, _ } = require('ajv') as { Ajv: typeof AjvClass; _: typeof import('ajv')._ };
const { default: standaloneCode } = require('ajv/dist/standalone') as {
  default: (ajv: AjvClass, validate: AnyValidateFunction) => string;
};

function compileValidator(schema: JsonObject): string {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    inlineRefs: true,
    strict: true,
    code: { source: true, esm: true },
  });
  ajv.addKeyword({
    keyword: 'integer64',
    schemaType: 'string',
    error: {
      message: 'must be a 64-bit integer',
      params: ({ schemaCode }) => _`{type: ${schemaCode}}`,
    },
    code(context) {
      const { data } = context;
      const isUnsigned = context.schema === 'uint64';
      const outside = isUnsigned
        ? _`${data} < 0n || ${data} > 18446744073709551615n`
        : _`${data} < -9223372036854775808n || ${data} > 9223372036854775807n`;
      // A number beyond 2^53 has lost digits: for an integer the reader gives a bigint there. No number is compared
      // with a bigint: QuickJS takes the smaller one for the larger where both are negative.
      const isNone = isUnsigned
        ? _`!Number.isSafeInteger(${data}) || ${data} < 0`
        : _`!Number.isSafeInteger(${data})`;
      context.fail(_`typeof ${data} == "bigint" ? ${outside} : ${isNone}`);
    },
  });
  // Nobody reads where in the schema an error comes from: it is a quarter of the code.
  const code = withoutIdleArguments(
    withoutIdleSchemas(
      standaloneCode(ajv, ajv.compile(schema)).replaceAll(/schemaPath:"[^"]*",/g, ''),
    ),
  );
  if (/\brequire\(|\bimport\b/.test(code)) {
    throw new Error('the generated validator would import something at run time');
  }
  return code;
}

/** Drops the copies of the schema that ajv writes beside each function; only those with a list of words are used. */
function withoutIdleSchemas(code: string): string {
  return code.replaceAll(
    /const (schema\d+) = (\{.*?\});(?=const |function )/g,
    (declaration, name: string, json: string) => {
      // Throws if the expression has cut anything else than one whole schema.
      JSON.parse(json);
      return code.split(new RegExp(`\\b${name}\\b`)).length > 2 ? declaration : '';
    },
  );
}

/**
 * Leaves of what each function is called with the value and its place. The holder of the value and the root are for
 * keywords that this schema lacks, and an object for each call takes a third of the time.
 */
function withoutIdleArguments(code: string): string {
  const plain = code
    .replaceAll(
      '(data, {instancePath="", parentData, parentDataProperty, rootData=data}={})',
      '(data, instancePath="")',
    )
    .replaceAll(
      /\{instancePath:(instancePath\+[^{}]*?),parentData:\w+,parentDataProperty:[^,{}]+,rootData\}/g,
      '$1',
    );
  if (/parentData|rootData/.test(plain)) {
    throw new Error('the generated validator hands over more than the value and its place');
  }
  return plain;
}

/** Replaces the formats of 64-bit integers by the keyword that checks them exactly. */
function exactIntegers(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(exactIntegers);
  if (schema === null || typeof schema !== 'object') return schema;
  if (schema.format === 'int64' || schema.format === 'uint64') return { integer64: schema.format };
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, exactIntegers(value)]),
  );
}

/**
 * Moves objects, word lists and whatever else occurs twice to `$defs`. Each that refers to others becomes a function of
 * its own: a section that is absent costs nothing, not even the variables for its check.
 */
function splitUp(schema: JsonObject): JsonObject {
  const seen = new Map<string, number>();
  visit(schema, (text) => seen.set(text, (seen.get(text) ?? 0) + 1));
  const names = new Map<string, string>();
  for (const [text, times] of seen) {
    const shared = times > 1 && text.length > '{"type":"boolean"}'.length;
    if (shared || text.includes('"enum"') || text.includes('"type":"object"')) {
      names.set(text, `part${names.size}`);
    }
  }
  const definitions: JsonObject = {};
  for (const [text, name] of names)
    definitions[name] = withReferences(JSON.parse(text) as JsonObject);
  return { ...withReferences(schema), $defs: definitions };

  function withReferences(top: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(top).map(([k, v]) => [k, replace(v)]));
  }

  function replace(value: Json): Json {
    if (Array.isArray(value)) return value.map(replace);
    if (value === null || typeof value !== 'object') return value;
    const name = names.get(JSON.stringify(value));
    return name === undefined ? withReferences(value) : { $ref: `#/$defs/${name}` };
  }

  function visit(value: Json, found: (text: string) => void): void {
    if (value === null || typeof value !== 'object') return;
    const isSchema = !Array.isArray(value) && ('type' in value || 'integer64' in value);
    if (isSchema && value !== schema && typeof value.type !== 'object')
      found(JSON.stringify(value));
    for (const child of Object.values(value)) visit(child, found);
  }
}

/** The names that a schema knows: an object of names, `'*'` for entries of an array or a map, null for a leaf. */
function namesOf(schema: Json): Json {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return null;
  if (schema.type === 'array') return entriesOf(schema.items ?? null);
  if (schema.type !== 'object') return null;
  if (schema.properties === undefined) return { '*': namesOf(schema.additionalProperties ?? null) };
  const properties = schema.properties as JsonObject;
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, namesOf(value)]),
  );
}

function entriesOf(items: Json): Json {
  const names = namesOf(items);
  return names === null ? null : { '*': names };
}

/** An unchanged file keeps its time, so that whatever is built from it is not built again. */
function writeIfChanged(name: string, text: string): void {
  const file = join(dirname(fileURLToPath(import.meta.url)), '../src/spec/generated', name);
  mkdirSync(dirname(file), { recursive: true });
  let old: string | undefined;
  try {
    old = readFileSync(file, 'utf8');
  } catch {
    // Not there yet.
  }
  if (old !== text) writeFileSync(file, text);
}

const HEADER =
  '// Written by scripts/generate-validator.ts from src/spec/schema.ts; not for editing.\n';

const VALIDATOR_TYPES = `${HEADER}
export interface SchemaError {
  /** JSON pointer of the value that was looked at. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
export declare const validate: {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
};
`;

const NAMES_TYPES = `${HEADER}
/** Property names by place: \`'*'\` is every entry of an array or map; null where there are no names to know. */
export interface KnownNames {
  readonly [name: string]: KnownNames | null;
}
export declare const knownNames: KnownNames;
`;

const plain = JSON.parse(JSON.stringify(Spec)) as JsonObject;
const validator = compileValidator(splitUp(exactIntegers(plain) as JsonObject));
writeIfChanged('validator.js', `${HEADER}${validator}\n`);
writeIfChanged('validator.d.ts', VALIDATOR_TYPES);
writeIfChanged(
  'names.js',
  `${HEADER}export const knownNames = ${JSON.stringify(namesOf(plain))};\n`,
);
writeIfChanged('names.d.ts', NAMES_TYPES);
