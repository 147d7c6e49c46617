import type { Context } from '../lifecycle/options.ts';
import { type Flags, type FlagValues, parseFlags, UsageError } from './flags.ts';
import { print } from './output.ts';

/** One command as its file declares it. */
export interface CommandDefinition<F extends Flags> {
  readonly name: string;
  /** For `--help`, a sentence or two. */
  readonly description: string;
  /** Names of the arguments in order; those in brackets may be left out, `[name...]` stands for any number. */
  readonly arguments: readonly (`<${string}>` | `[${string}]`)[];
  readonly flags: F;
  /** Flags behind the first argument are not ours: they belong to the program that is named there. */
  readonly stopAtArgument?: true;
  /** What a failure's message begins with, where engines and their users know it from runc. */
  readonly failurePrefix?: string;
  /** The exit code of a failure, where it is not 1. */
  readonly failureCode?: number;
  /** @returns the exit code, 0 where there is none */
  run(invocation: Invocation<F>): Promise<number | undefined> | Promise<void>;
}

/** One call of a command. */
export interface Invocation<F extends Flags> {
  readonly context: Context;
  readonly flags: FlagValues<F>;
  /** As many as the definition allows. */
  readonly args: readonly string[];
}

/** A command without the types of its flags: what the entry and `--help` deal with. */
export interface Command {
  readonly definition: Omit<CommandDefinition<Flags>, 'run'>;
  /** @returns the exit code */
  execute(context: Context, args: readonly string[]): Promise<number>;
}

const HELP = { help: { kind: 'switch', short: 'h', help: 'show help' } } as const satisfies Flags;

/** Makes a command of its definition; its arguments are read and counted before it runs. */
export function defineCommand<const F extends Flags>(definition: CommandDefinition<F>): Command {
  return {
    definition,
    async execute(context, args) {
      const { name, flags, stopAtArgument = false } = definition;
      const options = { command: `runts ${name}`, stopAtArgument };
      if (stopAtArgument && parseFlags({ ...flags, ...HELP }, args, options).values.help) {
        const { commandHelp } = await import('./help.ts');
        print(commandHelp({ definition }));
        return 0;
      }
      const { values, rest } = parseFlags(flags, args, options);
      countArguments(definition, rest);
      return (await definition.run({ context, flags: values, args: rest })) ?? 0;
    },
  };
}

function countArguments(
  { name, arguments: declared }: Pick<CommandDefinition<Flags>, 'name' | 'arguments'>,
  args: readonly string[],
): void {
  let least = 0;
  for (const argument of declared) if (argument.startsWith('<')) least++;
  const isOpen = declared[declared.length - 1]?.endsWith('...]');
  const most = isOpen ? Number.POSITIVE_INFINITY : declared.length;
  if (args.length >= least && args.length <= most) return;
  const expected =
    least === most
      ? `exactly ${least}`
      : most === Number.POSITIVE_INFINITY
        ? `a minimum of ${least}`
        : `${least} to ${most}`;
  const list = most === 0 ? '' : ` (${declared.join(' ')})`;
  throw new UsageError(`"${name}" requires ${expected} argument(s)${list}, got ${args.length}`);
}

/** @returns the first argument of a command that demands one */
export function firstArgument({ args: [first] }: { readonly args: readonly string[] }): string {
  if (first === undefined) throw new TypeError('the arguments were not counted');
  return first;
}
