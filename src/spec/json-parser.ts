/*
 * A JSON parser that knows where every value begins and loses nothing. It is the slow path: json.ts calls it when
 * an error needs a place, or when the platform's parser may have lost something.
 */

/** Levels of arrays and objects; a configuration needs ten. Deeper nesting is an attack on a stack somewhere. */
export const DEPTH_LIMIT = 512;

/** An integer with more digits than this fits no field; it stays a number instead of costing time as a bigint. */
const DIGIT_LIMIT = 40;

export interface JsonMap {
  [name: string]: unknown;
}

/** A fault in a JSON text; `offset` counts UTF-16 units from its begin. */
export class JsonSyntaxError extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

export interface StrictResult {
  readonly value: unknown;
  /** JSON pointer of every value, and the offset in UTF-16 units at which it begins. */
  readonly offsets: ReadonlyMap<string, number>;
}

/**
 * Parses by RFC 8259, and refuses duplicate names, lone surrogates and more than {@link DEPTH_LIMIT} levels.
 * Integers beyond 2^53 are bigints.
 *
 * @throws JsonSyntaxError
 */
export function parseStrictly(text: string): StrictResult {
  const parser = new Parser(text);
  const value = parser.value('', 0);
  parser.end();
  return { value, offsets: parser.offsets };
}

// Sticky expressions scan in native code; escapes and raw control characters end the first one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 forbids exactly these
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\r\n]*/y;
const WORD = /[A-Za-z0-9_$+.-]+/y;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser {
  readonly #text: string;
  #at = 0;
  readonly offsets = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  value(pointer: string, depth: number): unknown {
    this.#skipSpace();
    const start = this.#at;
    this.offsets.set(pointer, start);
    const char = this.#text[start];
    if (char === '{' || char === '[') {
      if (depth === DEPTH_LIMIT) {
        throw new JsonSyntaxError(start, `expected at most ${DEPTH_LIMIT} levels of nesting`);
      }
      this.#at++;
      return char === '{' ? this.#object(pointer, depth) : this.#array(pointer, depth);
    }
    if (char === '"') return this.#string();
    if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) return this.#number();
    for (const [word, meaning] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, start) && this.#peekWord() === word) {
        this.#at += word.length;
        return meaning;
      }
    }
    throw this.#unexpected('a value');
  }

  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the file');
  }

  #object(pointer: string, depth: number): JsonMap {
    const object: JsonMap = {};
    const names = new Set<string>();
    this.#skipSpace();
    if (this.#take('}')) return object;
    for (;;) {
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') {
        throw this.#unexpected(names.size === 0 ? 'a property name or "}"' : 'a property name');
      }
      const name = this.#string();
      const place = `${pointer}/${escapeToken(name)}`;
      if (names.has(name)) {
        throw new JsonSyntaxError(
          start,
          `${place}: expected each name once, got ${quote(name)} twice`,
        );
      }
      names.add(name);
      this.#skipSpace();
      if (!this.#take(':')) throw this.#unexpected('":"');
      const value = this.value(place, depth + 1);
      // An assignment would call the setter of Object.prototype.
      if (name === '__proto__') Object.defineProperty(object, name, { value, ...OWN });
      else object[name] = value;
      this.#skipSpace();
      if (this.#take('}')) return object;
      if (!this.#take(',')) throw this.#unexpected('"," or "}"');
    }
  }

  #array(pointer: string, depth: number): unknown[] {
    const array: unknown[] = [];
    this.#skipSpace();
    if (this.#take(']')) return array;
    for (;;) {
      array.push(this.value(`${pointer}/${array.length}`, depth + 1));
      this.#skipSpace();
      if (this.#take(']')) return array;
      if (!this.#take(',')) throw this.#unexpected('"," or "]"');
    }
  }

  #string(): string {
    const start = this.#at;
    this.#at++;
    let result = '';
    for (;;) {
      result += this.#scan(PLAIN);
      const char = this.#text[this.#at];
      if (char === '"') break;
      if (char === undefined)
        throw new JsonSyntaxError(start, 'expected a string, got no end of it');
      if (char !== '\\') {
        throw new JsonSyntaxError(this.#at, 'expected no raw control character in a string');
      }
      result += this.#escape();
    }
    this.#at++;
    if (!isWellFormed(result)) {
      throw new JsonSyntaxError(
        start,
        'expected a string of Unicode, got half of a surrogate pair',
      );
    }
    return result;
  }

  #escape(): string {
    const start = this.#at;
    const char = this.#text[start + 1] ?? '';
    if (char === 'u') {
      const hex = this.#text.slice(start + 2, start + 6);
      if (/^[0-9a-fA-F]{4}$/.test(hex)) {
        this.#at += 6;
        return String.fromCharCode(Number.parseInt(hex, 16));
      }
    } else if (Object.hasOwn(ESCAPES, char)) {
      this.#at += 2;
      return ESCAPES[char] ?? '';
    }
    throw new JsonSyntaxError(start, 'expected an escape that JSON knows');
  }

  #number(): number | bigint {
    const start = this.#at;
    const token = this.#scan(NUMBER);
    if (token === '' || /[A-Za-z0-9_$+.-]/.test(this.#text[this.#at] ?? ' ')) {
      this.#at = start;
      throw this.#unexpected('a number');
    }
    const value = Number(token);
    if (!Number.isFinite(value)) {
      throw new JsonSyntaxError(start, 'expected a number that fits 64 bits');
    }
    return Number.isSafeInteger(value) ? value : (exactInteger(token) ?? value);
  }

  #skipSpace(): void {
    this.#scan(SPACE);
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #scan(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #peekWord(): string {
    WORD.lastIndex = this.#at;
    return WORD.exec(this.#text)?.[0] ?? '';
  }

  #unexpected(expected: string): JsonSyntaxError {
    const char = this.#text.slice(this.#at, this.#at + 2);
    let got = quote(
      this.#peekWord().slice(0, 20) || String.fromCodePoint(char.codePointAt(0) ?? 0),
    );
    if (char === '') got = 'the end of the file';
    else if (char === '//' || char === '/*') got = 'a comment';
    return new JsonSyntaxError(this.#at, `expected ${expected}, got ${got}`);
  }
}

const OWN = { enumerable: true, configurable: true, writable: true } as const;

/** The value of a number's text as an exact integer, or undefined if it is none (or absurdly long). */
function exactInteger(token: string): bigint | undefined {
  const [mantissa = '', exponentText = '0'] = token.split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const exponent = Number(exponentText) - fraction.length;
  const digits = whole + fraction;
  if (digits.length > DIGIT_LIMIT || Math.abs(exponent) > DIGIT_LIMIT) return undefined;
  if (exponent >= 0) return BigInt(digits) * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  const scaled = BigInt(digits);
  return scaled % divisor === 0n ? scaled / divisor : undefined;
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** One name as a token of a JSON pointer (RFC 6901). */
export function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function quote(text: string): string {
  return JSON.stringify(text);
}
