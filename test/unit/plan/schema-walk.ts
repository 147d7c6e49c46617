import type { TSchema } from '@sinclair/typebox';

interface Node {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly additionalProperties?: TSchema | boolean;
}

/**
 * Every place of the configuration that holds a value, as a pointer with `*` for the entries of a list or map. What
 * has parts is named by its parts; a list of texts is one place, `/process/args/*`.
 */
export function fieldsOf(schema: TSchema, pointer = ''): string[] {
  const { properties, items, additionalProperties } = schema as Node;
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([name, child]) =>
      fieldsOf(child, `${pointer}/${name}`),
    );
  }
  if (items !== undefined) return fieldsOf(items, `${pointer}/*`);
  if (typeof additionalProperties === 'object') {
    return fieldsOf(additionalProperties, `${pointer}/*`);
  }
  return [pointer];
}
