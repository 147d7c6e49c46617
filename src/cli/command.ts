import { RuntimeError } from '../error.ts';
import type { Context } from '../lifecycle/options.ts';
import { type Flags, type FlagValues, parseFlags } from './flags.ts';

/** One command as its file declares it. */
export interface CommandDefinition<F extends Flags> {
  readonly name: string;
  /** For `--help`, a sentence or two. */
  readonly description: string;
  /** Names of the arguments in order; those in brackets may be left out. */
  readonly arguments: readonly (`<${string}>` | `[${string}]`)[];
  readonly flags: F;
  /** What a failure's message begins with, where engines and their users know it from runc. */
  readonly failurePrefix?: string;
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

/** Makes a command of its definition; its arguments are read and counted before it runs. */
export function defineCommand<const F extends Flags>(definition: CommandDefinition<F>): Command {
  return {
    definition,
    async execute(context, args) {
      const { values, rest } = parseFlags(definition.flags, args, {
        command: `runts ${definition.name}`,
      });
      countArguments(definition, rest);
      return (await definition.run({ context, flags: values, args: rest })) ?? 0;
    },
  };
}

function countArguments(
  { name, arguments: declared }: Pick<CommandDefinition<Flags>, 'name' | 'arguments'>,
  args: readonly string[],
): void {
  const least = declared.filter((argument) => argument.startsWith('<')).length;
  const most = declared.length;
  if (args.length >= least && args.length <= most) return;
  const expected = least === most ? `exactly ${least}` : `${least} to ${most}`;
  const list = most === 0 ? '' : ` (${declared.join(' ')})`;
  throw new RuntimeError({
    operation: '',
    detail: `"${name}" requires ${expected} argument(s)${list}, got ${args.length}`,
  });
}

/** @returns the first argument of a command that demands one */
export function firstArgument({ args: [first] }: { readonly args: readonly string[] }): string {
  if (first === undefined) throw new TypeError('the arguments were not counted');
  return first;
}
