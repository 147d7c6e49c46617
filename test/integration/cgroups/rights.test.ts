import { describe, expect, test } from 'vitest';
import { createForTest, openForTest, presentDirectories, readLimit } from './support.ts';

const NOBODY = 65_534;

/** Runs `act` without root's rights. */
function asNobody<T>(act: () => T): T {
  process.seteuid?.(NOBODY);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

describe('without the right to', () => {
  test('make cgroups, create says what it needs and leaves none', () => {
    const manager = openForTest();
    expect(() => asNobody(() => manager.create())).toThrow(
      /^config\.json \/linux\/cgroupsPath: create cgroup \/.*: permission denied: making cgroups needs root, or a directory that was delegated to this user, on a writable mount$/,
    );
    expect(presentDirectories(manager)).toEqual([]);
  });

  test('set a limit, apply names the value and the file', () => {
    const manager = createForTest();
    const apply = () => manager.apply({ pids: { limit: 3 } }, { devices: false });
    expect(() => asNobody(apply)).toThrow(
      /^config\.json \/linux\/resources\/pids\/limit: write 3 to \/.*\/pids\.max: permission denied: the runtime may not change this cgroup/,
    );
    expect(readLimit(manager, 'pids.max')).toBe('max');
  });

  test('change the device list, apply says so', () => {
    const manager = createForTest();
    expect(() => asNobody(() => manager.apply(undefined))).toThrow(
      /^write a to \/.*\/devices\.deny: permission denied/,
    );
    expect(() => asNobody(() => manager.apply({ devices: [] }))).toThrow(
      /^config\.json \/linux\/resources\/devices: write a to /,
    );
  });

  test('move a process, join says so', () => {
    const manager = createForTest();
    expect(() => asNobody(() => manager.join(process.pid))).toThrow(
      /^move process \d+ to cgroup \/.*: permission denied$/,
    );
    expect(() => asNobody(() => manager.entrance())).toThrow(
      /^open cgroup \/.*: permission denied$/,
    );
  });
});
