import type { Process } from '../spec/types.ts';
import { maySetGroups } from './ids.ts';
import { type Context, refuse } from './input.ts';
import { type Draft, fromClause, fromConfig, fromRuntime } from './origin.ts';
import { comparable } from './places.ts';
import type { Origin } from './step.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const DEFAULT_UMASK = 0o022;

/** The environment of a process, as its program sees it. */
export interface Environment {
  /** A name that comes twice has its last value; an empty HOME is left out. */
  readonly entries: readonly string[];
  readonly hasHome: boolean;
  readonly search: readonly string[];
  /** Where `search` comes from, if config.json says it. */
  readonly searchPointer: string | undefined;
}

/** Reads `process.env`. */
export function readEnvironment(env: readonly string[]): Environment {
  const last = new Map<string, number>();
  for (const [index, entry] of env.entries()) last.set(nameOf(entry), index);
  const entries: string[] = [];
  let path: string | undefined;
  let hasHome = false;
  env.forEach((entry, index) => {
    const name = nameOf(entry);
    if (last.get(name) !== index || entry === 'HOME=') return;
    entries.push(entry);
    if (name === 'PATH') path = entry;
    if (name === 'HOME') hasHome = true;
  });
  return {
    entries,
    hasHome,
    search: searchPath(path?.slice('PATH='.length) ?? DEFAULT_PATH),
    searchPointer: path === undefined ? undefined : `/process/env/${last.get('PATH')}`,
  };
}

const nameOf = (entry: string): string => entry.split('=', 1)[0] ?? '';

/** An empty part of PATH is the working directory (environ(7)); an empty PATH finds nothing. */
function searchPath(path: string): string[] {
  return path === '' ? [] : path.split(':').map((folder) => folder || '.');
}

/** The working directory is made when it is missing, while the rootfs can still be written. */
export function makeDirectory({ spec }: Context): Draft[] {
  const target = spec.process?.cwd ?? '/';
  if (comparable(target) === '/') return [];
  return [
    { origin: fromConfig('/process/cwd'), step: { kind: 'makeDirectory', target, mode: 0o755 } },
  ];
}

/**
 * The steps by which init takes the place and the user of the process. The bounding set and the descriptors are
 * changed while init is root; the working directory is entered as root and checked as the user.
 *
 * @param bound the step for the bounding set, if there is one
 */
export function takeUser(context: Context, process: Process, bound: readonly Draft[]): Draft[] {
  const { uid = 0, gid = 0, umask = DEFAULT_UMASK, additionalGids = [] } = process.user ?? {};
  const user: Origin =
    process.user === undefined ? fromClause('config.md, User') : fromConfig('/process/user');
  const cwd = fromConfig('/process/cwd');
  const setGroups = maySetGroups(context);
  if (!setGroups && additionalGids.length > 0) {
    const detail = 'an ordinary user cannot give additional groups';
    throw refuse('/process/user/additionalGids', 'set groups', detail);
  }
  const { hasHome, search, searchPointer } = readEnvironment(process.env ?? []);
  const [file = ''] = process.args;
  return [
    ...bound,
    ...(uid === 0 ? [] : [{ origin: user, step: { kind: 'ownStdio', uid } } as const]),
    { origin: cwd, step: { kind: 'changeDirectory', path: process.cwd } },
    {
      origin: user,
      step: { kind: 'setUser', uid, gid, groups: additionalGids, setGroups, umask },
    },
    { origin: cwd, step: { kind: 'checkDirectory', path: process.cwd } },
    ...(hasHome
      ? []
      : [
          {
            origin: fromRuntime('the environment of the process has no HOME'),
            step: { kind: 'homeDirectory', uid },
          } as const,
        ]),
    {
      origin: fromConfig(
        '/process/args/0',
        ...(searchPointer === undefined ? [] : [searchPointer]),
      ),
      step: { kind: 'findExecutable', file, search },
    },
  ];
}
