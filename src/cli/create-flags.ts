import type { CreateOptions } from '../lifecycle/options.ts';
import { absolute, absoluteIfGiven } from './absolute.ts';
import { readListenFds, readNotifySocket } from './activation.ts';
import type { Flags, FlagValues } from './flags.ts';

/** What `create` and `run` have in common. */
export const CREATE_FLAGS = {
  bundle: {
    kind: 'text',
    short: 'b',
    value: 'directory',
    help: 'the bundle: a directory with config.json (default: the working directory)',
  },
  'console-socket': {
    kind: 'text',
    value: 'socket',
    help: 'AF_UNIX socket that is sent the master of the terminal',
  },
  'pid-file': { kind: 'text', value: 'file', help: 'write the pid of init to this file' },
  'pidfd-socket': {
    kind: 'text',
    value: 'socket',
    help: 'AF_UNIX socket that is sent the pidfd of init',
  },
  'no-pivot': {
    kind: 'switch',
    help: 'no pivot_root: for a root file system on a ramdisk, and less safe',
  },
  'no-new-keyring': {
    kind: 'switch',
    help: 'stay in the session keyring of the caller',
  },
  'preserve-fds': {
    kind: 'count',
    value: 'number',
    help: 'pass this many descriptors from 3 up to the container (default: 0)',
  },
} as const satisfies Flags;

/** @returns the options, with paths that no longer depend on the working directory */
export function readCreateFlags(id: string, flags: FlagValues<typeof CREATE_FLAGS>): CreateOptions {
  return {
    id,
    bundle: absolute(flags.bundle ?? '.'),
    pidFile: absoluteIfGiven(flags['pid-file']),
    consoleSocket: absoluteIfGiven(flags['console-socket']),
    pidfdSocket: absoluteIfGiven(flags['pidfd-socket']),
    noPivot: flags['no-pivot'],
    noNewKeyring: flags['no-new-keyring'],
    preserveFds: flags['preserve-fds'] ?? 0,
    listenFds: readListenFds(process.env, process.pid),
    notifySocket: readNotifySocket(process.env),
  };
}
