import { SIGNALS } from '../lifecycle/signals.ts';
import { COMMANDS } from './commands.ts';
import type { Flags } from './flags.ts';
import { GLOBAL_FLAGS } from './globals.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may stand at one place of a command line. */
export type Words =
  | { readonly are: 'directories' | 'files' | 'containers' | 'commands' | 'text' }
  | { readonly are: 'choices'; readonly list: readonly string[] };

export interface OptionModel {
  readonly name: string;
  readonly short: string | undefined;
  readonly help: string;
  /** undefined where the option takes no value. */
  readonly value: Words | undefined;
}

export interface CommandModel {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionModel[];
  /** What its arguments are, in order; none stand behind the last. */
  readonly args: readonly Words[];
}

export interface ProgramModel {
  readonly options: readonly OptionModel[];
  readonly commands: readonly CommandModel[];
}

/** Loads every command. @returns what a shell has to know, from the definitions that the command line is read by */
export async function describeProgram(): Promise<ProgramModel> {
  const commands = Object.entries(COMMANDS).map(async ([name, { summary, load }]) => {
    const { definition } = (await load()).command;
    const options = describeOptions({ ...definition.flags, help: GLOBAL_FLAGS.help });
    return { name, summary, options, args: definition.arguments.map(describeArgument) };
  });
  return {
    options: describeOptions(GLOBAL_FLAGS),
    commands: [
      ...(await Promise.all(commands)),
      { name: 'help', summary: 'show help', options: [], args: [{ are: 'commands' }] },
    ],
  };
}

function describeOptions(flags: Flags): OptionModel[] {
  return Object.entries(flags).flatMap(([name, flag]) => {
    if (flag.kind === 'absent') return [];
    const value = 'value' in flag ? describeValue(flag.value, flag.help) : undefined;
    return [{ name, short: 'short' in flag ? flag.short : undefined, help: flag.help, value }];
  });
}

/** The word that `--help` has for a value says what it is; a few values that are possible stand quoted in the text. */
function describeValue(value: string, help: string): Words {
  if (value === 'directory') return { are: 'directories' };
  if (value === 'file' || value === 'socket') return { are: 'files' };
  if (value !== 'format' && value !== 'mode') return { are: 'text' };
  return { are: 'choices', list: [...help.matchAll(/"([a-z]+)"/g)].map(([, word = '']) => word) };
}

function describeArgument(argument: string): Words {
  switch (argument) {
    case '<container-id>':
    case '[container-id]':
      return { are: 'containers' };
    case '<shell>':
      return { are: 'choices', list: SHELLS };
    case '[signal]':
      return { are: 'choices', list: OFFERED_SIGNALS };
    default:
      return { are: 'text' };
  }
}

/** Each once: not by its old names. */
const OFFERED_SIGNALS = Object.keys(SIGNALS).filter(
  (name) => !['CLD', 'IOT', 'POLL', 'UNUSED'].includes(name),
);
