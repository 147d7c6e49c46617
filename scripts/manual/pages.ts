/** What the manual pages say, from the definitions that the command line is read by and the texts of `--help`. */
import type { Command } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import type { Flag, Flags } from '../../src/cli/flags.ts';
import { GLOBAL_FLAGS } from '../../src/cli/globals.ts';
import { type Example, MANUAL, PROGRAM_EXAMPLES } from '../../src/cli/manual.ts';

/** One page of section 1. */
export interface Page {
  /** Such as `runts-create`. */
  readonly name: string;
  readonly summary: string;
  readonly synopsis: string;
  readonly description: readonly string[];
  readonly commands: readonly Listed[];
  readonly options: readonly Listed[];
  readonly exitStatus: string;
  readonly examples: readonly Example[];
  /** Names of other pages. */
  readonly seeAlso: readonly string[];
}

/** An option or a command, with what it means. */
export interface Listed {
  readonly term: string;
  readonly meaning: string;
}

const FAILURES =
  'A failure is told in one line on standard error, several mistakes in config.json in a line each, and in the file of --log.';

/** Loads every command. @returns the page of the program, then one for each command */
export async function collectPages(): Promise<Page[]> {
  const pages = Object.entries(COMMANDS).map(async ([name, { summary, load }]) =>
    commandPage(name, summary, (await load()).command),
  );
  return [programPage(), ...(await Promise.all(pages))];
}

function programPage(): Page {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => ({
    term: name,
    meaning: summary,
  }));
  return {
    name: 'runts',
    summary: 'an OCI container runtime for Linux',
    synopsis: 'runts [global options] command [options] [arguments]',
    description: [
      'runts makes and runs containers as the OCI runtime specification describes them: of a bundle, which is a directory with a config.json and a root file system. It is called the way runc is called, by engines such as containerd, Podman and Docker, or by hand.',
      'Global options stand before the command. Options are written with one dash or two, with their value behind a blank or "=".',
    ],
    commands,
    options: listOptions(GLOBAL_FLAGS),
    exitStatus: `0; 1 for a failure; for run and exec that of the program. ${FAILURES}`,
    examples: PROGRAM_EXAMPLES,
    seeAlso: Object.keys(COMMANDS).map((name) => `runts-${name}`),
  };
}

function commandPage(name: string, summary: string, { definition }: Command): Page {
  const entry = MANUAL[name];
  if (entry === undefined) throw new Error(`src/cli/manual.ts has no entry for ${name}`);
  return {
    name: `runts-${name}`,
    summary,
    synopsis: [`runts [global options] ${name} [options]`, ...definition.arguments].join(' '),
    description: [definition.description, ...entry.details],
    commands: [],
    options: listOptions({ ...definition.flags, help: GLOBAL_FLAGS.help }),
    exitStatus: `${entry.exitStatus ?? '0; 1 for a failure.'} ${FAILURES}`,
    examples: entry.examples,
    seeAlso: ['runts', ...entry.seeAlso.map((other) => `runts-${other}`)],
  };
}

function listOptions(flags: Flags): Listed[] {
  return Object.entries(flags).flatMap(([name, flag]) =>
    flag.kind === 'absent' ? [] : [{ term: spelling(name, flag), meaning: flag.help }],
  );
}

function spelling(name: string, flag: Exclude<Flag, { kind: 'absent' }>): string {
  const short = 'short' in flag && flag.short !== undefined ? `-${flag.short}, ` : '';
  return `${short}--${name}${'value' in flag ? ` <${flag.value}>` : ''}`;
}
