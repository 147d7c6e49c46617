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
 * The platform's parser does the work. It swallows duplicate names, rounds long integers and knows no places, and that
 * of the binary takes some texts that are no JSON. So wherever it may have lost or forgiven something, the text is read
 * again by a parser that does not: see {@link isDoubtful}.
 *
 * @throws RuntimeError with file, line and column of the first fault
 */
export function parseJson(bytes: Uint8Array, file: string): JsonDocument {
  const text = decode(bytes, file);
  let value: unknown;
  let doubtful = false;
  try {
    value = JSON.parse(text);
    doubtful = isDoubtful(text, value);
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

/** Whether JSON.parse may have lost something of the text, or taken what is no JSON. It may say yes in vain, never no. */
function isDoubtful(text: string, value: unknown): boolean {
  // Half of a surrogate pair comes of an escape only.
  if (text.includes('\\ud') || text.includes('\\uD')) return true;
  // Before the printer, which a deep value would take to the end of the stack.
  if (holdsDoubtful([value], 0)) return true;
  const printed = JSON.stringify(value);
  // Most engines write just so: then everything is there, and in the right form.
  if (text === printed || text === `${printed}\n`) return false;
  return mayHaveForgiven(text) || lacksName(text, printed);
}

/**
 * Whether the text may have what is no JSON, and is taken by that of QuickJS: escapes of JavaScript, `1.` and `-01`. Only
 * what a text has few of is looked at.
 */
function mayHaveForgiven(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
    const letter = text.charAt(at + 1);
    if (!'"\\/bfnrtu'.includes(letter) || (letter === 'u' && text[at + 2] === '{')) return true;
  }
  for (let at = text.indexOf('.'); at >= 0; at = text.indexOf('.', at + 1)) {
    if (isDigit(text[at - 1]) && endsNumber(text, at + 1)) return true;
  }
  for (let at = text.indexOf('-0'); at >= 0; at = text.indexOf('-0', at + 2)) {
    if (isDigit(text[at + 2]) && BEFORE_NUMBER.includes(text.charAt(at - 1))) return true;
  }
  return false;
}

const BEFORE_NUMBER = ',[: \n\r\t';
const BEHIND_NUMBER = ',]} \n\r\t';

/** Whether the digits of a number, which may have an exponent, could end here. */
function endsNumber(text: string, at: number): boolean {
  const character = text.charAt(at);
  if (character !== 'e' && character !== 'E') return BEHIND_NUMBER.includes(character);
  return '+-'.includes(text.charAt(at + 1)) || isDigit(text[at + 1]);
}

const isDigit = (character = ''): boolean => character >= '0' && character <= '9';

/** Whether a number may have lost digits, or the strict parser would find too many levels, for which it has the words. */
function holdsDoubtful(place: object, depth: number): boolean {
  if (depth > DEPTH_LIMIT) return true;
  for (const child of Array.isArray(place) ? place : Object.values(place)) {
    if (typeof child === 'number') {
      if (!(Math.abs(child) <= Number.MAX_SAFE_INTEGER)) return true;
    } else if (typeof child === 'object' && child !== null) {
      if (holdsDoubtful(child, depth + 1)) return true;
    }
  }
  return false;
}

/**
 * Whether a second property of a name was dropped. It took a colon with it; all other colons are in the text that
 * JSON.stringify has printed of the value, however that is spaced, and no more of them, unless an escape stands for one.
 */
function lacksName(text: string, printed: string): boolean {
  if (text.includes('\\u003a') || text.includes('\\u003A')) return true;
  return text.split(':').length !== printed.split(':').length;
}
