import { RuntimeError } from '../error.ts';
import type { Command } from './command.ts';
import { loadCommand } from './commands.ts';
import { parseFlags, UsageError } from './flags.ts';
import { type Caller, GLOBAL_FLAGS, type Globals, readGlobals } from './globals.ts';
import { type Logger, openLog, personalLine } from './log.ts';
import { print, printError } from './output.ts';

const FAILURE = 1;

/**
 * Runs one call of the program.
 *
 * @param args without the names of the interpreter and the program
 * @returns the exit code: of the container's program for `run` and `exec`; 1 for every failure, 255 for one of `exec`
 */
export async function runCommandLine(args: readonly string[], caller: Caller): Promise<number> {
  let globals: Globals;
  let rest: readonly string[];
  let logger: Logger;
  try {
    const parsed = parseFlags(GLOBAL_FLAGS, args, { command: 'runts', stopAtArgument: true });
    rest = parsed.rest;
    globals = readGlobals(parsed.values, caller);
    logger = openLog(globals, () => new Date());
  } catch (error) {
    printError(personalLine('error', messageOf(error)));
    return FAILURE;
  }
  try {
    return await dispatch(globals, rest, logger);
  } catch (error) {
    return fail(logger, error, FAILURE);
  }
}

function fail(logger: Logger, error: unknown, code: number): number {
  logger.fail(messageOf(error));
  if (error instanceof Error && error.stack !== undefined) logger.log('debug', error.stack);
  return code;
}

async function dispatch(
  { root, help, version }: Globals,
  [name, ...args]: readonly string[],
  logger: Logger,
): Promise<number> {
  if (version) return printVersion();
  if (help || name === undefined) return printHelp(name);
  // Like runc's: `help`, `help create` and `h`.
  if (name === 'help' || name === 'h') return printHelp(args[0]);

  const command = await loadCommand(name);
  if (!command.definition.stopAtArgument && asksForHelp(args)) return printHelp(name);
  try {
    return await command.execute({ root, systemdCgroup: false, log: logger.log }, args);
  } catch (error) {
    // Like runc's: what cannot be meant is told as it is.
    if (error instanceof UsageError) throw error;
    return fail(logger, prefixed(command, error), command.definition.failureCode ?? FAILURE);
  }
}

async function printVersion(): Promise<number> {
  const { versionText } = await import('./version.ts');
  print(versionText());
  return 0;
}

async function printHelp(name: string | undefined): Promise<number> {
  const { programHelp, commandHelp } = await import('./help.ts');
  print(name === undefined ? programHelp() : commandHelp(await loadCommand(name)));
  return 0;
}

function asksForHelp(args: readonly string[]): boolean {
  for (const argument of args) {
    if (argument === '--') return false;
    if (argument === '-h' || argument === '-help' || argument === '--help') return true;
  }
  return false;
}

/** runc's words before a failure of `create` and `run`, by which people find it in the log of an engine. */
function prefixed({ definition: { failurePrefix } }: Command, error: unknown): unknown {
  if (failurePrefix === undefined) return error;
  const detail = `${failurePrefix}${messageOf(error)}`;
  return new RuntimeError({ operation: '', detail, cause: error });
}

function messageOf(error: unknown): string {
  if (error instanceof RuntimeError) return error.message;
  // Everything that can go wrong from outside is a RuntimeError: this is a fault of the program.
  return `internal error: ${error instanceof Error ? error.message : String(error)} (--debug shows more)`;
}
