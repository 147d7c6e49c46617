import { RuntimeError } from '../error.ts';
import { absolute } from './absolute.ts';
import type { Flags, FlagValues } from './flags.ts';

/** What may stand before the command. */
export const GLOBAL_FLAGS = {
  debug: { kind: 'switch', help: 'log what is done, too' },
  log: {
    kind: 'text',
    value: 'file',
    help: 'append warnings and errors to this file; without it they go to standard error',
  },
  'log-format': { kind: 'text', value: 'format', help: '"text" (the default) or "json"' },
  root: {
    kind: 'text',
    value: 'directory',
    help: 'where the state of containers is kept (default: /run/runts; $XDG_RUNTIME_DIR/runts for an ordinary user)',
  },
  rootless: {
    kind: 'text',
    value: 'mode',
    help: '"auto" (the default) or "false"; running without privileges is not there yet',
  },
  'systemd-cgroup': {
    kind: 'switch',
    help: 'only false: cgroups made by systemd are not there yet',
  },
  criu: { kind: 'absent', help: 'there is no checkpoint and no restore' },
  help: { kind: 'switch', short: 'h', help: 'show help' },
  version: { kind: 'switch', short: 'v', help: 'show the version' },
} as const satisfies Flags;

/** The global flags, checked and completed. */
export interface Globals {
  readonly root: string;
  readonly logFile: string | undefined;
  readonly logFormat: 'text' | 'json';
  readonly debug: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** The parts of the environment that count. */
export interface Caller {
  readonly uid: number;
  readonly runtimeDirectory: string | undefined;
}

/**
 * @throws RuntimeError for a value that is not known, or that asks for what is not there yet
 */
export function readGlobals(values: FlagValues<typeof GLOBAL_FLAGS>, caller: Caller): Globals {
  const { root, log, rootless = 'auto', debug, help, version } = values;
  const logFormat = values['log-format'] ?? 'text';
  if (logFormat !== 'text' && logFormat !== 'json') {
    throw refused('log-format', `expected "text" or "json", got ${JSON.stringify(logFormat)}`);
  }
  if (values['systemd-cgroup']) {
    throw refused('systemd-cgroup', 'cgroups made by systemd are not there yet: leave it out');
  }
  if (rootless === 'true') {
    throw refused('rootless', 'running without privileges is not there yet: leave it out');
  }
  if (rootless !== 'auto' && rootless !== 'false') {
    const shown = JSON.stringify(rootless);
    throw refused('rootless', `expected "true", "false" or "auto", got ${shown}`);
  }
  return {
    root: absolute(root ?? defaultRoot(caller)),
    logFile: log,
    logFormat,
    debug,
    help,
    version,
  };
}

/** An ordinary user cannot write to /run; the session's directory is the user's own (basedir specification). */
function defaultRoot({ uid, runtimeDirectory }: Caller): string {
  const isOrdinary = uid !== 0 && runtimeDirectory?.startsWith('/');
  return isOrdinary ? `${runtimeDirectory}/runts` : '/run/runts';
}

function refused(flag: string, detail: string): RuntimeError {
  return new RuntimeError({ operation: `the flag --${flag}`, detail });
}
