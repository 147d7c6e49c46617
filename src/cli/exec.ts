import type { CgroupBelow } from '../cgroups/below.ts';
import { RuntimeError } from '../error.ts';
import { execInContainer } from '../lifecycle/exec.ts';
import { absoluteIfGiven } from './absolute.ts';
import { defineCommand } from './command.ts';
import { foregroundStreams } from './foreground.ts';

export const command = defineCommand({
  name: 'exec',
  description:
    'Runs a program in a container, with what its config.json says about the process where no option says otherwise. In the foreground it ends with the exit code of the program, or 128 + n where signal n ended it; it ends with 255 where the program was not run.',
  arguments: ['<container-id>', '[command...]'],
  // What follows the container belongs to the program.
  stopAtArgument: true,
  flags: {
    'console-socket': {
      kind: 'text',
      value: 'socket',
      help: 'AF_UNIX socket that is sent the master of the terminal',
    },
    'pidfd-socket': {
      kind: 'text',
      value: 'socket',
      help: 'AF_UNIX socket that is sent the pidfd of the program',
    },
    cwd: { kind: 'text', value: 'directory', help: 'working directory in the container' },
    env: {
      kind: 'texts',
      short: 'e',
      value: 'NAME=value',
      help: 'set a variable of the environment; may be given several times',
    },
    tty: { kind: 'switch', short: 't', help: 'give the program a terminal' },
    user: { kind: 'text', short: 'u', value: 'uid[:gid]', help: 'run as this user' },
    'additional-gids': {
      kind: 'texts',
      short: 'g',
      value: 'gid',
      help: 'one more group of the program; may be given several times',
    },
    process: {
      kind: 'text',
      short: 'p',
      value: 'file',
      help: 'JSON file with a process as in config.json, instead of a command',
    },
    detach: { kind: 'switch', short: 'd', help: 'return as soon as the program runs' },
    'pid-file': { kind: 'text', value: 'file', help: 'write the pid of the program to this file' },
    'process-label': { kind: 'text', value: 'label', help: 'SELinux label of the program' },
    apparmor: { kind: 'text', value: 'profile', help: 'AppArmor profile of the program' },
    'no-new-privs': {
      kind: 'setting',
      help: 'whether the program can gain privileges by executing others',
    },
    cap: {
      kind: 'texts',
      short: 'c',
      value: 'capability',
      help: 'one more capability of the program; may be given several times',
    },
    'preserve-fds': {
      kind: 'count',
      value: 'number',
      help: 'pass this many descriptors from 3 up to the program (default: 0)',
    },
    cgroup: {
      kind: 'texts',
      value: '[controllers:]path',
      help: 'run in an existing cgroup below that of the container',
    },
    'ignore-paused': {
      kind: 'switch',
      help: 'accept a paused container; the program begins when it is resumed',
    },
  },
  failurePrefix: 'exec failed: ',
  failureCode: 255,
  run({ context, flags, args: [id = '', ...args] }) {
    return execInContainer(
      context,
      {
        id,
        args,
        cwd: readCwd(flags.cwd),
        env: flags.env.map(readVariable),
        tty: flags.tty,
        user: readUser(flags.user),
        additionalGids: flags['additional-gids'].map((gid) => readId(gid, '--additional-gids')),
        selinuxLabel: flags['process-label'],
        apparmorProfile: flags.apparmor,
        noNewPrivileges: flags['no-new-privs'],
        capabilities: flags.cap,
        processFile: absoluteIfGiven(flags.process),
        detach: flags.detach,
        pidFile: absoluteIfGiven(flags['pid-file']),
        pidfdSocket: absoluteIfGiven(flags['pidfd-socket']),
        consoleSocket: absoluteIfGiven(flags['console-socket']),
        preserveFds: flags['preserve-fds'] ?? 0,
        cgroups: readCgroups(flags.cgroup),
        ignorePaused: flags['ignore-paused'],
      },
      foregroundStreams,
    );
  },
});

function readCwd(cwd: string | undefined): string | undefined {
  if (cwd === undefined || cwd.startsWith('/')) return cwd;
  throw wrong('--cwd', 'an absolute path', cwd);
}

function readVariable(variable: string): string {
  // An equals sign in front would begin an empty name.
  if (variable.indexOf('=') >= 1) return variable;
  throw wrong('--env: invalid environment variable', 'NAME=value', variable);
}

function readUser(text: string | undefined) {
  if (text === undefined) return undefined;
  const [uid = '', gid, ...more] = text.split(':');
  if (more.length > 0) throw wrong('--user', 'uid or uid:gid', text);
  return {
    uid: readId(uid, '--user'),
    gid: gid === undefined ? undefined : readId(gid, '--user'),
  };
}

/** The last id is (uid_t) -1, which system calls read as "leave as it is". */
const HIGHEST_ID = 4_294_967_294;

function readId(text: string, flag: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (id <= HIGHEST_ID) return id;
  throw wrong(flag, `a number from 0 to ${HIGHEST_ID} (names are those of the container)`, text);
}

/** `path`, alone, for all controllers, or `controller,controller:path` for some. */
function readCgroups(asked: readonly string[]): CgroupBelow[] {
  return asked.map((text) => {
    const [first = '', path, ...more] = text.split(':');
    if (more.length > 0 || path === '') throw wrong('--cgroup', '[controllers:]path', text);
    if (path !== undefined) return { controllers: first.split(','), path };
    if (asked.length > 1) throw wrong('--cgroup', 'controllers:path where there are several', text);
    return { controllers: [], path: first };
  });
}

function wrong(flag: string, expected: string, got: string): RuntimeError {
  const detail = `expected ${expected}, got ${JSON.stringify(got.slice(0, 60))}`;
  return new RuntimeError({ operation: flag, detail });
}
