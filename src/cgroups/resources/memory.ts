import { RuntimeError } from '../../error.ts';
import type { Memory } from '../../spec/types.ts';
import { type Integer, isAsked, type Setting, type SettingGroup } from '../setting.ts';

const controller = 'memory';
/** Some engines write an unset swappiness as -1 in 64 bits. */
const UNSET = 2n ** 64n - 1n;

/**
 * config-linux.md, "Memory"; the files are those of the kernel's cgroup-v1/memory.rst.
 *
 * @throws RuntimeError for a swappiness that is out of range
 */
export function memorySettings(memory: Memory, pointer: string): SettingGroup[] {
  const { reservation, kernel, kernelTCP, disableOOMKiller, useHierarchy } = memory;
  const groups: SettingGroup[] = [];
  const add = (file: string, value: Integer | string, field: string): void => {
    groups.push([{ controller, files: [file], value: `${value}`, pointer: `${pointer}/${field}` }]);
  };

  // First, as the kernel allows the change only while nothing has been accounted.
  if (useHierarchy !== undefined) add('memory.use_hierarchy', useHierarchy ? 1 : 0, 'useHierarchy');
  const [first, ...others] = limits(memory, pointer);
  if (first !== undefined) groups.push([first, ...others]);
  if (isAsked(reservation)) add('memory.soft_limit_in_bytes', reservation, 'reservation');
  if (isAsked(kernel)) groups.push([kernelLimit(kernel, `${pointer}/kernel`)]);
  if (isAsked(kernelTCP)) add('memory.kmem.tcp.limit_in_bytes', kernelTCP, 'kernelTCP');
  const swappiness = checkSwappiness(memory.swappiness, `${pointer}/swappiness`);
  if (swappiness !== undefined) add('memory.swappiness', swappiness, 'swappiness');
  if (disableOOMKiller === true) add('memory.oom_control', 1, 'disableOOMKiller');
  return groups;
}

/** The limits of memory, and of memory and swap together: neither may pass the other on the way. */
function limits(memory: Memory, pointer: string): Setting[] {
  const { limit, swap, checkBeforeUpdate } = memory;
  const settings: Setting[] = [];
  if (isAsked(limit)) {
    settings.push({
      controller,
      files: ['memory.limit_in_bytes'],
      value: `${limit}`,
      pointer: `${pointer}/limit`,
      ...(checkBeforeUpdate === true && limit > 0 ? { usage: 'memory.usage_in_bytes' } : {}),
    });
  }
  const file = 'memory.memsw.limit_in_bytes';
  if (isAsked(swap)) {
    settings.push({ controller, files: [file], value: `${swap}`, pointer: `${pointer}/swap` });
  } else if (isAsked(limit) && limit < 0) {
    // Unlimited memory can't stand below a limit of memory and swap that was set before.
    settings.push({
      controller,
      files: [file],
      value: '-1',
      pointer: `${pointer}/limit`,
      optional: true,
    });
  }
  return settings;
}

/** Linux 5.16 gave the limit up: its file takes any value, and later kernels may not have it. */
function kernelLimit(limit: Integer, pointer: string): Setting {
  return {
    controller,
    files: ['memory.kmem.limit_in_bytes'],
    value: `${limit}`,
    pointer,
    optional: true,
    check: {
      kind: 'warn',
      detail: 'the kernel no longer limits its own memory apart from the rest: use memory.limit',
    },
  };
}

function checkSwappiness(value: Integer | undefined, pointer: string): Integer | undefined {
  if (value === undefined || BigInt(value) === UNSET) return undefined;
  if (value >= 0 && value <= 100) return value;
  throw new RuntimeError({
    operation: 'set memory.swappiness',
    detail: `invalid memory swappiness value: ${value} (valid range is 0-100)`,
    pointer,
  });
}
