// All that the sources ask of whatever runs them, besides ECMAScript 2023: the globals that the binary has (interpreter/).
// In Node.js they are its own, of which these are a part.

declare const process: {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** As Node.js has it: `x64`, `arm64`. */
  readonly arch: string;
  cwd(): string;
  exit(code: number): never;
  getuid(): number;
  geteuid(): number;
  getgid(): number;
  /** What is linked into the program under a name. */
  _linkedBinding(name: string): unknown;
};

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

declare class TextDecoder {
  constructor(encoding: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}

/** A number in the binary, an object in Node.js. */
declare type Timer = { readonly _isTimer: never };
declare function setTimeout(callback: (nothing?: unknown) => void, milliseconds: number): Timer;
declare function clearTimeout(timer: Timer | undefined): void;

declare const performance: {
  /** Milliseconds since 1970 of the begin of {@link now}. */
  readonly timeOrigin: number;
  /** Milliseconds. */
  now(): number;
};
