import { RuntimeError } from '../../error.ts';
import { closeFile, writeSome } from '../../syscalls/files.ts';
import { codeOf } from '../errno.ts';
import { type DeviceList, formatDevice } from '../resources/devices.ts';
import type { Setting, SettingGroup } from '../setting.ts';
import type { CgroupDirectory } from './directory.ts';
import { writeError } from './explain.ts';
import { type Directories, findController } from './hierarchies.ts';

/** A setting, or what the runtime writes without being asked. */
type Attempt = Omit<Setting, 'pointer'> & { readonly pointer: string | undefined };

/**
 * Writes a group; members that the kernel refuses with EINVAL wait until the others are written, as long as one of
 * them gets through.
 *
 * @returns warnings
 * @throws RuntimeError of the first member that stays refused
 */
export function writeGroup(directories: Directories, group: SettingGroup): string[] {
  const warnings: string[] = [];
  let waiting: readonly Setting[] = group;
  while (waiting.length > 0) {
    const refused: Setting[] = [];
    let firstError: unknown;
    for (const setting of waiting) {
      try {
        warnings.push(...writeSetting(directories, setting));
      } catch (error) {
        if (codeOf(error) !== 'EINVAL') throw error;
        refused.push(setting);
        firstError ??= error;
      }
    }
    if (refused.length === waiting.length) throw firstError;
    waiting = refused;
  }
  return warnings;
}

/**
 * Replaces the device list of a cgroup by one that starts from "nothing" or "everything".
 *
 * @param pointer JSON pointer of the rules; undefined where there are only the defaults
 * @throws RuntimeError
 */
export function writeDevices(
  directories: Directories,
  list: DeviceList,
  pointer: string | undefined,
): void {
  const { allowByDefault, exceptions } = list;
  const [base, other] = allowByDefault
    ? ['devices.allow', 'devices.deny']
    : ['devices.deny', 'devices.allow'];
  const whole = { controller: 'devices', value: 'a', pointer } as const;
  const directory = needController(directories, { ...whole, files: [base] });
  writeOrExplain(directory, { ...whole, files: [base] }, () => directory.write(base, 'a'));

  if (exceptions.length === 0) return;
  const opened = writeOrExplain(directory, { ...whole, files: [other] }, () =>
    directory.openForWriting(other),
  );
  try {
    for (const exception of exceptions) {
      const value = formatDevice(exception);
      const setting = { ...whole, files: [other], value, pointer: exception.pointer } as const;
      writeOrExplain(directory, setting, () => writeSome(opened, value));
    }
  } finally {
    closeFile(opened);
  }
}

function writeSetting(directories: Directories, setting: Setting): string[] {
  const directory = needController(directories, setting);
  if (setting.usage !== undefined) refuseBelowUsage(directory, setting, setting.usage);
  const file = writeOrExplain(directory, setting, () => writeFirst(directory, setting));
  if (file === undefined) return setting.check?.kind === 'warn' ? [warningOf(setting)] : [];
  return checkWritten(directory, setting, file);
}

/** @returns the file that was written; undefined where the kernel has none and need not have */
function writeFirst(directory: CgroupDirectory, setting: Setting): string | undefined {
  const { files, value, optional } = setting;
  for (const [index, file] of files.entries()) {
    try {
      directory.write(file, value);
      return file;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT' && index < files.length - 1) continue;
      // What Linux has given up it refuses, or no longer offers.
      if (optional && (code === 'ENOENT' || code === 'EOPNOTSUPP')) return undefined;
      throw error;
    }
  }
  return undefined;
}

function checkWritten(directory: CgroupDirectory, setting: Setting, file: string): string[] {
  const { check, value } = setting;
  if (check === undefined) return [];
  const present = directory.read(file);
  switch (check.kind) {
    case 'refuse':
      if (present === value) return [];
      throw new RuntimeError({
        operation: `write ${value} to ${directory.path}/${file}`,
        detail: `the kernel made it ${present}: ${check.detail}`,
        pointer: setting.pointer,
        path: `${directory.path}/${file}`,
      });
    case 'warn':
      return BigInt(value) < 0n || BigInt(present) <= BigInt(value) ? [] : [warningOf(setting)];
    default:
      throw new TypeError(`unknown check ${check satisfies never}`);
  }
}

function warningOf({ pointer, files: [file], check }: Setting): string {
  return `config.json ${pointer}: ${file} has no effect: ${check?.detail ?? ''}`;
}

function refuseBelowUsage(directory: CgroupDirectory, setting: Setting, file: string): void {
  const usage = directory.read(file);
  if (BigInt(usage) <= BigInt(setting.value)) return;
  throw new RuntimeError({
    operation: `set ${setting.files[0]} to ${setting.value}`,
    detail: `the container already uses ${usage}, and checkBeforeUpdate is set`,
    pointer: setting.pointer,
    path: `${directory.path}/${setting.files[0]}`,
    code: 'EBUSY',
  });
}

/** @returns the directory of a setting's controller. @throws RuntimeError where the host has none */
export function needController(
  directories: Directories,
  { controller, files: [file], value, pointer }: Attempt,
): CgroupDirectory {
  const directory = findController(directories, controller);
  if (directory !== undefined) return directory;
  throw new RuntimeError({
    operation: `set ${file} to ${value}`,
    detail: `the ${controller} cgroup controller is not mounted on this host: mount it, or leave the setting out`,
    pointer,
  });
}

function writeOrExplain<T>(directory: CgroupDirectory, setting: Attempt, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof RuntimeError) throw error;
    throw writeError(directory, setting, error);
  }
}
