/** Asks the inside of a container several things at once. */
import type { Changes } from './config.ts';
import { succeed } from './container.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * @param questions name → shell command; they run one after the other in one shell, which is the container's program
 * @param changes of the configuration; `args` is not one of them
 * @returns name → what the command printed on both streams, without the last newline
 */
export async function observe<Name extends string>(
  sandbox: Sandbox,
  questions: Readonly<Record<Name, string>>,
  changes: Changes = {},
): Promise<Record<Name, string>> {
  const names = Object.keys(questions) as Name[];
  const script = names.map((name) => `printf '\\1${name}\\2'\n{ ${questions[name]}\n} 2>&1`);
  const container = sandbox.container({
    ...changes,
    args: ['sh', '-c', `${script.join('\n')}\n:`],
  });
  const { stdout } = succeed('run', await container.run());
  const answers = stdout
    .split('\u0001')
    .slice(1)
    .map((part) => part.split('\u0002'));
  return Object.fromEntries(
    answers.map(([name, text = '']) => [name, text.replace(/\n$/, '')]),
  ) as Record<Name, string>;
}

export interface MountPoint {
  readonly path: string;
  /** Path of the mounted folder in its file system. */
  readonly root: string;
  readonly options: readonly string[];
  /** `shared:5`, `master:3`, `unbindable`. */
  readonly propagation: readonly string[];
  readonly type: string;
  readonly source: string;
  /** Of the file system itself. */
  readonly superOptions: readonly string[];
}

/** @param mountinfo text of /proc/PID/mountinfo, in the order in which the mounts were made */
export function parseMounts(mountinfo: string): MountPoint[] {
  return mountinfo
    .trim()
    .split('\n')
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const [, , , root = '', path = '', options = '', ...propagation] = before.split(' ');
      const [type = '', source = '', superOptions = ''] = after.split(' ');
      return {
        path,
        root,
        options: options.split(','),
        propagation: propagation.filter(Boolean),
        type,
        source,
        superOptions: superOptions.split(','),
      };
    });
}

/** @returns the topmost mount on a path */
export function mountOn(mounts: readonly MountPoint[], path: string): MountPoint {
  const found = mounts.findLast((mount) => mount.path === path);
  if (found === undefined) throw new Error(`nothing is mounted on ${path}`);
  return found;
}
