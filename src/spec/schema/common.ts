import { type Static, type TSchema, Type } from '@sinclair/typebox';

/*
 * The pieces that the parts of the schema share. Nothing here is loaded by the running program: the types are
 * erased, and the validator is generated from the schema at build time (scripts/generate-validator.ts).
 */

export const Uint16 = Type.Integer({ minimum: 0, maximum: 65_535 });
export const Uint32 = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
export const Int32 = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });

/**
 * A number of JavaScript ends at 2^53, so the reader gives a bigint beyond it; the generator turns these two
 * formats into exact checks of the range.
 */
export const Int64 = Type.Unsafe<number | bigint>({ type: 'integer', format: 'int64' });
export const Uint64 = Type.Unsafe<number | bigint>({ type: 'integer', format: 'uint64' });

export const Text = Type.String();
export const Texts = Type.Array(Text);

/** A closed list of words. */
export function oneOf<const T extends readonly string[]>(...words: T) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: words });
}

/** An object with keys of the user's choice, each value of one kind. */
export function mapOf<T extends TSchema>(value: T) {
  return Type.Unsafe<Record<string, Static<T>>>({ type: 'object', additionalProperties: value });
}

export const TextMap = mapOf(Text);

/** One line of an id mapping, of a user namespace or of a mount. */
export const IdMapping = Type.Object({
  containerID: Uint32,
  hostID: Uint32,
  size: Uint32,
});
