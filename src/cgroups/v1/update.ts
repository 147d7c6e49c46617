import { RuntimeError } from '../../error.ts';
import { codeOf } from '../errno.ts';
import type { Setting, SettingGroup } from '../setting.ts';
import { needController, writeGroup } from './apply.ts';
import { isGone } from './directory.ts';
import { writeError } from './explain.ts';
import { type Directories, findController } from './hierarchies.ts';

/** Files of lines, each with a key of its own: the disk, the interface. A zero takes the line away. */
const KEYED = /(_device|^net_prio\.ifpriomap)$/;

/**
 * Writes groups of settings, and takes back what was written where one of them is refused. What can be told beforehand
 * (no such controller, no such file) is told before anything is written.
 *
 * @returns warnings
 * @throws RuntimeError of the first that is refused
 */
export function writeAllOrNothing(
  directories: Directories,
  groups: readonly SettingGroup[],
): string[] {
  const before = groups.flat().flatMap((setting) => presentSettings(directories, setting));
  try {
    return groups.flatMap((group) => writeGroup(directories, group));
  } catch (error) {
    takeBack(directories, before, error);
    throw error;
  }
}

/** @returns what would set back the files that change with a setting */
function presentSettings(directories: Directories, setting: Setting): Setting[] {
  const [file] = setting.files;
  // The shares of an idle cgroup are the kernel's own; those of any other are lost when it becomes idle.
  if (file === 'cpu.shares' && isIdle(directories)) return [];
  const present = presentSetting(directories, setting);
  if (file !== 'cpu.idle' || isIdle(directories)) return present;
  return [...present, ...presentSetting(directories, { ...setting, files: ['cpu.shares'] })];
}

function isIdle(directories: Directories): boolean {
  try {
    return findController(directories, 'cpu')?.read('cpu.idle') === '1';
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** @returns what would set the files of a setting to what they hold; nothing where it need not have one */
function presentSetting(directories: Directories, setting: Setting): Setting[] {
  const directory = needController(directories, setting);
  const { controller, files, value, pointer, optional } = setting;
  let missing: unknown;
  for (const file of files) {
    try {
      const present = presentValue(file, directory.read(file), value);
      return [{ controller, files: [file], value: present, pointer }];
    } catch (error) {
      if (error instanceof RuntimeError) throw error;
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EOPNOTSUPP') {
        throw writeError(directory, setting, error);
      }
      missing = error;
    }
  }
  if (optional) return [];
  throw writeError(directory, setting, missing);
}

/** @param value that is about to be written: of a file of lines, its first word is the key */
function presentValue(file: string, text: string, value: string): string {
  if (file === 'memory.oom_control') return /^oom_kill_disable (\d)/m.exec(text)?.[1] ?? '0';
  if (!KEYED.test(file)) return text;
  const key = value.split(' ')[0] ?? '';
  return text.split('\n').find((line) => line.startsWith(`${key} `)) ?? `${key} 0`;
}

function takeBack(directories: Directories, before: readonly Setting[], failure: unknown): void {
  // As one group: of settings that the kernel checks against each other it may take only one order.
  const [first, ...others] = before.toReversed();
  if (first === undefined) return;
  try {
    writeGroup(directories, [first, ...others]);
  } catch (error) {
    if (!(failure instanceof RuntimeError && error instanceof RuntimeError)) throw error;
    const { operation, detail, pointer, path, code } = failure;
    throw new RuntimeError({
      operation,
      detail: `${detail}; and not all limits could be set back: ${error.operation}: ${error.detail}`,
      pointer,
      path,
      code,
      cause: failure,
    });
  }
}
