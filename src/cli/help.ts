import { Command as Help, Option } from 'commander';
import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { Flag, Flags } from './flags.ts';
import { GLOBAL_FLAGS } from './globals.ts';

/*
 * commander lays out the help and does nothing else: it costs milliseconds to load, which every call would pay, and it
 * does not know the flags of Go programs (`-no-subreaper`) that engines pass.
 */

/** @returns what `runts --help` prints */
export function programHelp(): string {
  const help = new Help('runts')
    .description('An OCI container runtime for Linux, called the way runc is called.')
    .usage('[global options] command [options] [arguments]')
    .helpCommand(false)
    .helpOption(false);
  addOptions(help, GLOBAL_FLAGS);
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    help.command(name).summary(summary).helpOption(false);
  }
  return help.helpInformation();
}

/** @returns what `runts <command> --help` prints */
export function commandHelp({ definition }: Pick<Command, 'definition'>): string {
  const { name, description, arguments: declared, flags } = definition;
  const usage = ['[options]', ...declared].join(' ');
  const help = new Help(`runts ${name}`).description(description).usage(usage).helpOption(false);
  addOptions(help, { ...flags, help: GLOBAL_FLAGS.help });
  return help.helpInformation();
}

function addOptions(help: Help, flags: Flags): void {
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.kind !== 'absent') help.addOption(new Option(spelling(name, flag), flag.help));
  }
}

function spelling(name: string, flag: Exclude<Flag, { kind: 'absent' }>): string {
  const short = 'short' in flag && flag.short !== undefined ? `-${flag.short}, ` : '';
  return `${short}--${name}${'value' in flag ? ` <${flag.value}>` : ''}`;
}
