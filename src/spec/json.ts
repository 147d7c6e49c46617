import { RuntimeError } from '../error.ts';
import { DEPTH_LIMIT, JsonSyntaxError, parseStrictly } from './json-parser.ts';
import { type Place, placeOf } from './place.ts';
import { findBadByte } from './utf8.ts';

export type { Place } from './place.ts';

/** A JSON text that was read: plain objects, arrays, strings, numbers (bigint where a number loses digits). */
export interface JsonDocument {
  /** The file's name as messages show it. */
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
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
  let value: unknown;
  let doubtful = false;
  try {
    value = JSON.parse(text);
    doubtful = mayHaveLost(text, value);
  } catch {
    doubtful = true;
  }
  if (doubtful) value = strictly(text, file).value;
  return new ParsedDocument(file, text, value);
}

class ParsedDocument implements JsonDocument {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  #offsets: ReadonlyMap<string, number> | undefined;

  constructor(file: string, text: string, value: unknown) {
    this.file = file;
    this.text = text;
    this.value = value;
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

/**
 * Whether JSON.parse may have lost something of the text. It may say yes in vain, never no: a text that is what
 * JSON.stringify writes of the value has nothing that the value lacks, no second property of one name and no digit.
 * Engines write their configurations so, on one line or indented.
 */
function mayHaveLost(text: string, value: unknown): boolean {
  // JSON.stringify escapes half of a surrogate pair just as the text may have done.
  if (text.includes('\\ud') || text.includes('\\uD')) return true;
  // Some integers beyond 2^53 come back as they were, and are to be bigints all the same.
  if (/[0-9]{16}|[0-9]e\+/.test(text)) return true;
  const indent = /^[[{]\n([ \t]{1,8})/.exec(text)?.[1];
  // First, because what is deep and indented is long beyond all measure.
  if (isDeep(text, value)) return true;
  return text.trimEnd() !== asGoEscapes(JSON.stringify(value, null, indent), text);
}

/** Go escapes three characters that mean something in HTML; in JSON they stand nowhere but in strings. */
function asGoEscapes(canonical: string, text: string): string {
  if (!text.includes('\\u00')) return canonical;
  return canonical.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

/** Whether the strict parser would find too many levels, for which it has the words. */
function isDeep(text: string, value: unknown): boolean {
  const most = text.split('{').length + text.split('[').length;
  return most > DEPTH_LIMIT && deeperThan(value, DEPTH_LIMIT);
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => deeperThan(child, levels - 1));
}
