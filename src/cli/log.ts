import { RuntimeError } from '../error.ts';
import type { Log, LogLevel } from '../lifecycle/options.ts';
import { O_APPEND, O_CREAT, writeFile } from '../syscalls/files.ts';
import type { Globals } from './globals.ts';
import { printError } from './output.ts';

export interface Logger {
  readonly log: Log;
  /** Tells why the command fails: on standard error for people, in the log for engines. */
  fail(message: string): void;
}

/**
 * Opens the log of one call.
 *
 * Without `--log` everything is a line on standard error: `runts: …` for people, a JSON object with
 * `--log-format json`. With it, lines go to the file, shaped as runc's because containerd, CRI-O and Podman read
 * them; a failure is told on standard error as well.
 *
 * @param now the clock
 * @throws RuntimeError where the file cannot be written
 */
export function openLog({ logFile, logFormat, debug }: Globals, now: () => Date): Logger {
  const format = logFormat === 'json' ? jsonLine : textLine;
  const write = (level: LogLevel, message: string): void => {
    if (level === 'debug' && !debug) return;
    if (logFile !== undefined) appendOrTell(logFile, format(level, message, now()));
    else if (logFormat === 'json') printError(jsonLine(level, message, now()));
    else printError(personalLine(level, message));
  };
  // An engine that reads the file after a failure finds it even where nothing was logged.
  if (logFile !== undefined) append(logFile, '');
  return {
    log: write,
    fail: (message) => {
      if (logFile !== undefined) printError(personalLine('error', message));
      write('error', message);
    },
  };
}

/** Keys and level names as logrus writes them, which the engines decode. */
export function jsonLine(level: LogLevel, message: string, time: Date): string {
  return `${JSON.stringify({ level, msg: message, time: rfc3339(time) })}\n`;
}

export function textLine(level: LogLevel, message: string, time: Date): string {
  return `time="${rfc3339(time)}" level=${level} msg=${JSON.stringify(message)}\n`;
}

/** Names the program once, so that a line is recognised in the output of an engine. */
export function personalLine(level: LogLevel, message: string): string {
  const label = level === 'error' ? '' : `${level}: `;
  return message.startsWith('runts ') ? `${label}${message}\n` : `runts: ${label}${message}\n`;
}

function rfc3339(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** A log that has become full must not end what is being done. */
function appendOrTell(file: string, text: string): void {
  try {
    append(file, text);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    printError(personalLine('warning', `${error.message}: ${text.trimEnd()}`));
  }
}

function append(file: string, text: string): void {
  try {
    writeFile(file, text, O_CREAT | O_APPEND, 0o644);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    const detail = `the log cannot be written: ${code ?? cause}`;
    throw new RuntimeError({ operation: `open ${file}`, detail, path: file, code, cause });
  }
}
