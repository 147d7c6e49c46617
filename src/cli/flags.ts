import { RuntimeError } from '../error.ts';

/** What is written on the command line cannot be meant: nothing has been tried yet. */
export class UsageError extends RuntimeError {
  constructor(detail: string) {
    super({ operation: '', detail });
    this.name = 'UsageError';
  }
}

/** A flag as a command declares it; `help` is its line of `--help`. */
export type Flag =
  | { readonly kind: 'switch'; readonly short?: string; readonly help: string }
  | {
      readonly kind: 'text';
      readonly short?: string;
      /** What `--help` calls the value. */
      readonly value: string;
      readonly help: string;
    }
  /** One that may be given several times. */
  | {
      readonly kind: 'texts';
      readonly short?: string;
      readonly value: string;
      readonly help: string;
    }
  | { readonly kind: 'count'; readonly value: string; readonly help: string }
  /** A switch for which "no" is something else than nothing. */
  | { readonly kind: 'setting'; readonly help: string }
  /** One that runc has and we have not (yet): never taken for nothing. */
  | { readonly kind: 'absent'; readonly help: string };

/** Flags by their long names. */
export type Flags = Readonly<Record<string, Flag>>;

type ValueOf<F extends Flag> = F['kind'] extends 'switch'
  ? boolean
  : F['kind'] extends 'text'
    ? string | undefined
    : F['kind'] extends 'texts'
      ? readonly string[]
      : F['kind'] extends 'count'
        ? number | undefined
        : F['kind'] extends 'setting'
          ? boolean | undefined
          : never;

/** What was given; a switch that was not is false, a list empty, anything else undefined. */
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: ValueOf<F[Name]> };

export interface ParsedFlags<F extends Flags> {
  readonly values: FlagValues<F>;
  /** Arguments that are no flags. */
  readonly rest: readonly string[];
}

export interface ParseOptions {
  /** Which `--help` a message points to: `runts create`. */
  readonly command: string;
  /** Leave everything from the first argument that is no flag alone. */
  readonly stopAtArgument?: boolean;
}

/**
 * Reads flags as Go programs take them, because engines call us as they call one: `-name`, `--name`, `--name=value`,
 * `--name value`, `--switch=false`, a short name for some; `--` ends them; the last one given counts. As with runc,
 * they may also stand behind arguments.
 *
 * @throws UsageError for a flag that is not there, lacks its value or has a wrong one
 */
export function parseFlags<const F extends Flags>(
  flags: F,
  args: readonly string[],
  { command, stopAtArgument = false }: ParseOptions,
): ParsedFlags<F> {
  const values: Record<string, Value> = {};
  for (const name of Object.keys(flags)) {
    const kind = flags[name]?.kind;
    if (kind === 'switch') values[name] = false;
    else if (kind === 'texts') values[name] = [];
  }
  const rest: string[] = [];
  const queue = [...args];
  for (let argument = queue.shift(); argument !== undefined; argument = queue.shift()) {
    if (argument === '--') {
      rest.push(...queue);
      break;
    }
    const [written, attached] = splitFlag(argument);
    if (written === '') {
      rest.push(argument);
      if (!stopAtArgument) continue;
      rest.push(...queue);
      break;
    }
    const [name, flag] =
      findFlag(flags, written) ??
      fail(`flag provided but not defined: -${written} (see "${command} --help")`);
    const value = readValue(name, flag, attached, queue);
    const before = values[name];
    values[name] = Array.isArray(before) && typeof value === 'string' ? [...before, value] : value;
  }
  return { values: values as FlagValues<F>, rest };
}

type Value = boolean | number | string | readonly string[] | undefined;

/** @returns name and value of `-name`, `--name` or `--name=value`; no name where it is no flag */
function splitFlag(argument: string): [written: string, attached: string | undefined] {
  const dashes = argument.startsWith('--') ? 2 : 1;
  const equals = argument.indexOf('=');
  const written = argument.slice(dashes, equals < 0 ? undefined : equals);
  if (!argument.startsWith('-') || written.startsWith('-')) return ['', undefined];
  return [written, equals < 0 ? undefined : argument.slice(equals + 1)];
}

function findFlag(flags: Flags, written: string): [string, Flag] | undefined {
  const named = Object.hasOwn(flags, written) ? flags[written] : undefined;
  if (named !== undefined) return [written, named];
  for (const [name, flag] of Object.entries(flags)) {
    if ('short' in flag && flag.short === written) return [name, flag];
  }
  return undefined;
}

function readValue(
  name: string,
  flag: Flag,
  attached: string | undefined,
  queue: string[],
): Exclude<Value, readonly string[]> {
  switch (flag.kind) {
    case 'switch':
    case 'setting':
      return readSwitch(name, attached ?? 'true');
    case 'text':
      // An empty text is how scripts say "none".
      return takeValue(name, attached, queue) || undefined;
    case 'texts':
      return takeValue(name, attached, queue);
    case 'count':
      return readCount(name, takeValue(name, attached, queue));
    case 'absent':
      return fail(`the flag --${name} is not there yet: ${flag.help}`);
    default:
      return flag satisfies never;
  }
}

function takeValue(name: string, attached: string | undefined, queue: string[]): string {
  return attached ?? queue.shift() ?? fail(`flag needs an argument: -${name}`);
}

/** The words of Go's strconv.ParseBool. */
function readSwitch(name: string, text: string): boolean {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  return fail(`the flag --${name}: expected true or false, got ${JSON.stringify(text)}`);
}

function readCount(name: string, text: string): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return (
    number ?? fail(`the flag --${name}: expected a number, 0 or more, got ${JSON.stringify(text)}`)
  );
}

function fail(detail: string): never {
  throw new UsageError(detail);
}
