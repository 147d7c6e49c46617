import { isUtf8 } from 'node:buffer';
import { RuntimeError } from '../error.ts';
import { DEPTH_LIMIT, type JsonMap, JsonSyntaxError, parseStrictly } from './json-parser.ts';
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
  if (!isUtf8(bytes)) {
    const bad = findBadByte(bytes);
    throw fault(file, bad, `expected UTF-8, got the byte 0x${bad.byte.toString(16)}`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
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
 * Whether JSON.parse may have lost something of the text. It may say yes in vain, never no.
 *
 * A name ends in a quote that a colon follows. The text has at least as many such quotes as names (more only if a
 * string begins with a colon or holds an escaped quote before one), and the tree has as many names as the text
 * unless one came twice. So equal counts prove that none did.
 */
function mayHaveLost(text: string, value: unknown): boolean {
  // The one way to write half of a surrogate pair in UTF-8 is to escape it.
  if (/\\u[dD][89a-fA-F]/.test(text)) return true;
  const tally = { names: 0, inexact: false };
  count(value, tally, 1);
  if (tally.inexact) return true;
  return (text.match(/"[ \t\r\n]*:/g)?.length ?? 0) !== tally.names;
}

function count(value: unknown, tally: { names: number; inexact: boolean }, depth: number): void {
  if (typeof value === 'number') {
    // Infinity too: that is what 1e400 became.
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) tally.inexact = true;
  } else if (typeof value === 'object' && value !== null) {
    if (depth > DEPTH_LIMIT) {
      // Left to the strict parser, which has the words for it.
      tally.inexact = true;
    } else if (Array.isArray(value)) {
      for (const entry of value) count(entry, tally, depth + 1);
    } else {
      for (const name of Object.keys(value)) {
        tally.names++;
        count((value as JsonMap)[name], tally, depth + 1);
      }
    }
  }
}
