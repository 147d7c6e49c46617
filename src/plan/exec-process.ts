import { RuntimeError } from '../error.ts';
import type { Capabilities, Process, User } from '../spec/types.ts';

/** What the caller of `exec` asks for; what is left out stays as config.json has it. */
export interface AskedProcess {
  /** Empty only with a process file, which has its own. */
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  /** Appended to the environment. */
  readonly env: readonly string[];
  readonly tty: boolean;
  /** The gid stays where only the uid is said. */
  readonly user?: { readonly uid: number; readonly gid?: number | undefined } | undefined;
  /** Appended to the additional groups. */
  readonly additionalGids: readonly number[];
  readonly selinuxLabel?: string | undefined;
  readonly apparmorProfile?: string | undefined;
  readonly noNewPrivileges?: boolean | undefined;
  /** Added to the bounding, the effective and the permitted set. */
  readonly capabilities: readonly string[];
  /** The process of `--process`, which takes the place of that of config.json. */
  readonly file?: Process | undefined;
}

/** The process of an exec, and what of it the caller has said: options by JSON pointers of a config.json. */
export interface ExecProcess {
  readonly process: Process;
  readonly said: ReadonlyMap<string, string>;
}

/**
 * Makes the process of an exec: that of config.json, or of the process file, with what the caller says instead.
 *
 * @param configured the process of config.json, if it has one
 * @throws RuntimeError for a request without a program, with two, or a base that is not there
 */
export function mergeProcess(configured: Process | undefined, asked: AskedProcess): ExecProcess {
  const { file, args } = asked;
  const base = file ?? configured;
  if (base === undefined) {
    throw refused('the container has no process to take the rest from: give --process');
  }
  if (file !== undefined && args.length > 0) {
    throw refused('expected a command or --process, got both');
  }
  if (file === undefined && args.length === 0) {
    throw refused('process args cannot be empty: expected a command, or --process');
  }
  const said = new Map<string, string>(file === undefined ? [] : [['/process', '--process']]);
  const tell = <T>(pointer: string, option: string, value: T): T => {
    said.set(`/process/${pointer}`, option);
    return value;
  };
  const process: Process = {
    ...base,
    ...(args.length > 0 && { args: tell('args', 'COMMAND', [...args]) }),
    ...(asked.cwd !== undefined && { cwd: tell('cwd', '--cwd', asked.cwd) }),
    // The terminal of config.json is for its own process.
    terminal: asked.tty ? tell('terminal', '--tty', true) : (file?.terminal ?? false),
    env: [...(base.env ?? []), ...asked.env],
    ...mergeUser(base, asked, tell),
    ...mergeCapabilities(base, asked, tell),
    ...(asked.noNewPrivileges !== undefined && {
      noNewPrivileges: tell('noNewPrivileges', '--no-new-privs', asked.noNewPrivileges),
    }),
    ...(asked.apparmorProfile !== undefined && {
      apparmorProfile: tell('apparmorProfile', '--apparmor', asked.apparmorProfile),
    }),
    ...(asked.selinuxLabel !== undefined && {
      selinuxLabel: tell('selinuxLabel', '--process-label', asked.selinuxLabel),
    }),
  };
  const first = base.env?.length ?? 0;
  for (const index of asked.env.keys()) tell(`env/${first + index}`, '--env', undefined);
  return { process, said };
}

type Tell = <T>(pointer: string, option: string, value: T) => T;

function mergeUser(base: Process, asked: AskedProcess, tell: Tell): { user?: User } {
  const { user, additionalGids } = asked;
  if (user === undefined && additionalGids.length === 0) return {};
  const options = [
    ...(user === undefined ? [] : ['--user']),
    ...(additionalGids.length === 0 ? [] : ['--additional-gids']),
  ];
  return {
    user: tell('user', options.join(' '), {
      ...base.user,
      ...(user !== undefined && { uid: user.uid }),
      ...(user?.gid !== undefined && { gid: user.gid }),
      additionalGids: [...(base.user?.additionalGids ?? []), ...additionalGids],
    }),
  };
}

/** Not inheritable and not ambient: a program of another user does not get it by itself (CVE-2022-29162). */
function mergeCapabilities(
  { capabilities: base }: Process,
  { capabilities: added }: AskedProcess,
  tell: Tell,
): { capabilities?: Capabilities } {
  if (added.length === 0) return {};
  const { bounding = [], effective = [], permitted = [] } = base ?? {};
  return {
    capabilities: tell('capabilities', '--cap', {
      ...base,
      bounding: [...bounding, ...added],
      effective: [...effective, ...added],
      permitted: [...permitted, ...added],
    }),
  };
}

function refused(detail: string): RuntimeError {
  return new RuntimeError({ operation: '', detail });
}
