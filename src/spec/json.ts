import { RuntimeError } from '../error.ts';
import { DEPTH_LIMIT, JsonSyntaxError, parseStrictly } from './json-parser.ts';
import { type Place, placeOf } from './place.ts';
import { findBadByte } from './utf8.ts';

export type { Place } from './place.ts';

const BACKSLASH = 0x5c;
const DOUBTFUL_ESCAPES = ['\\ud', '\\uD', '\\u003a', '\\u003A'];

/** A JSON text that was read: plain objects, arrays, strings, numbers (bigint where a number loses digits). */
export interface JsonDocument {
  /** The file's name as messages show it. */
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  /** Whether anything of the text may be written as an escape. */
  readonly hasEscapes: boolean;
  /**
   * @param pointer JSON pointer (RFC 6901) of a value
   * @returns where that value begins, or its nearest ancestor that exists
   */
  locate(pointer: string): Place;
}

/**
 * Reads a JSON text strictly by RFC 8259: UTF-8, no byte order mark, no duplicate names, at most 512 levels deep,
 * no lone surrogates, integers exact.
 *
 * The platform's parser does the work. It swallows duplicate names, rounds long integers and knows no places, so
 * wherever it may have lost something, the text is read again by a parser that does not: see {@link mayHaveLost}.
 *
 * @throws RuntimeError with file, line and column of the first fault
 */
export function parseJson(bytes: Uint8Array, file: string): JsonDocument {
  const text = decode(bytes, file);
  // Asked of the bytes, once: to look for text in text takes long.
  const hasEscapes = bytes.includes(BACKSLASH);
  let value: unknown;
  let doubtful = false;
  try {
    value = JSON.parse(text);
    doubtful = mayHaveLost(text, value, hasEscapes);
  } catch {
    doubtful = true;
  }
  if (doubtful) value = strictly(text, file).value;
  return new ParsedDocument(file, text, value, hasEscapes);
}

class ParsedDocument implements JsonDocument {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  readonly hasEscapes: boolean;
  #offsets: ReadonlyMap<string, number> | undefined;

  constructor(file: string, text: string, value: unknown, hasEscapes: boolean) {
    this.file = file;
    this.text = text;
    this.value = value;
    this.hasEscapes = hasEscapes;
  }

  locate(pointer: string): Place {
    this.#offsets ??= strictly(this.text, this.file).offsets;
    for (let path = pointer; ; path = path.slice(0, path.lastIndexOf('/'))) {
      const offset = this.#offsets.get(path);
      if (offset !== undefined) return placeOf(this.text, offset);
      if (!path.includes('/')) return { line: 1, column: 1 };
    }
  }
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw fault(file, { line: 1, column: 1 }, 'expected JSON, got a byte order mark: remove it');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const bad = findBadByte(bytes);
    throw fault(file, bad, `expected UTF-8, got the byte 0x${bad.byte.toString(16)}`);
  }
}

function strictly(text: string, file: string) {
  try {
    return parseStrictly(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw fault(file, placeOf(text, error.offset), error.message);
  }
}

function fault(file: string, { line, column }: Place, detail: string): RuntimeError {
  return new RuntimeError({ operation: `${file}:${line}:${column}`, detail });
}

/** Whether JSON.parse may have lost something of the text. It may say yes in vain, never no. */
function mayHaveLost(text: string, value: unknown, hasEscapes: boolean): boolean {
  // Half of a surrogate pair comes of an escape only, and an escape may stand for a colon.
  if (hasEscapes && DOUBTFUL_ESCAPES.some((written) => text.includes(written))) return true;
  const found: Found = { colons: 0 };
  return holdsDoubtful([value], 0, found) || text.split(':').length - 1 !== found.colons;
}

/**
 * How many colons a text has of which nothing but this was read: one for each property, and those in its strings. A
 * second property of a name, which is dropped, has taken at least one with it.
 */
interface Found {
  colons: number;
}

/** Whether a number may have lost digits, or the strict parser would find too many levels, for which it has the words. */
function holdsDoubtful(place: object, depth: number, found: Found): boolean {
  if (depth > DEPTH_LIMIT) return true;
  let children: readonly unknown[];
  if (Array.isArray(place)) children = place;
  else {
    const names = Object.keys(place);
    found.colons += names.length + colonsIn(names.join(''));
    children = Object.values(place);
  }
  for (const child of children) {
    if (typeof child === 'string') {
      if (child.includes(':')) found.colons += colonsIn(child);
    } else if (typeof child === 'number') {
      if (!(Math.abs(child) <= Number.MAX_SAFE_INTEGER)) return true;
    } else if (typeof child === 'object' && child !== null) {
      if (holdsDoubtful(child, depth + 1, found)) return true;
    }
  }
  return false;
}

function colonsIn(text: string): number {
  return text.split(':').length - 1;
}
