import { Command as Help, Option } from 'commander';
import { getWindowSize } from '../syscalls/terminal.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { Flag, Flags } from './flags.ts';
import { GLOBAL_FLAGS } from './globals.ts';
import { type Example, GROUPS, MANUAL, PROGRAM_EXAMPLES } from './manual.ts';

/*
 * commander lays out the help and does nothing else: it costs milliseconds to load, which every call would pay, and it
 * does not know the flags of Go programs (`-no-subreaper`) that engines pass.
 */

const STANDARD_OUTPUT = 1;
/** Where the output is no terminal. */
const WIDTH = 80;

/** @returns what `runts --help` prints */
export function programHelp(): string {
  const help = newHelp('runts')
    .description('An OCI container runtime for Linux, called the way runc is called.')
    .usage('[global options] command [options] [arguments]')
    .helpCommand(false)
    .helpOption(false);
  addOptions(help, GLOBAL_FLAGS);
  const commands = Object.entries(COMMANDS);
  for (const group of GROUPS) {
    for (const [name, { summary }] of commands) {
      if (MANUAL[name]?.group !== group) continue;
      help.command(name).summary(summary).helpGroup(group).helpOption(false);
    }
  }
  const more = '\nA command’s own options and examples: runts COMMAND --help\n';
  return help.helpInformation() + examples(PROGRAM_EXAMPLES) + more;
}

/** @returns what `runts <command> --help` prints */
export function commandHelp({ definition }: Pick<Command, 'definition'>): string {
  const { name, description, arguments: declared, flags } = definition;
  const usage = ['[options]', ...declared].join(' ');
  const entry = MANUAL[name];
  const paragraphs = [description, ...(entry?.details ?? [])];
  const help = newHelp(`runts ${name}`)
    .description(paragraphs.join('\n\n'))
    .usage(usage)
    .helpOption(false);
  addOptions(help, { ...flags, help: GLOBAL_FLAGS.help });
  const status = entry?.exitStatus === undefined ? '' : exitCode(entry.exitStatus);
  return help.helpInformation() + status + examples(entry?.examples ?? []);
}

/** commander would ask process.stdout, which the binary has not. */
function newHelp(name: string): Help {
  return new Help(name).configureOutput({
    getOutHelpWidth: () => terminalWidth() || WIDTH,
    getOutHasColors: () => false,
  });
}

/** @returns in characters; 0 where standard output is no terminal, or one that does not know */
function terminalWidth(): number {
  try {
    return getWindowSize(STANDARD_OUTPUT).cols;
  } catch {
    return 0;
  }
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

function exitCode(text: string): string {
  let line = 'Exit code:';
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line += ` ${word}`;
  }
  return `\n${[...lines, line].join('\n')}\n`;
}

function examples(list: readonly Example[]): string {
  if (list.length === 0) return '';
  return `\nExamples:\n${list.map(({ command, what }) => `  # ${what}\n  ${command}\n`).join('')}`;
}
