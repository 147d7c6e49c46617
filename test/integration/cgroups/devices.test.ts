import { describe, expect, test } from 'vitest';
import type { DeviceRule } from '../../../src/spec/types.ts';
import { createForTest, readLimit, startShell } from './support.ts';

/** What every container gets; the same list as runc's. */
const DEFAULTS = [
  'b *:* m',
  'c *:* m',
  'c 10:200 rwm',
  'c 136:* rwm',
  'c 1:3 rwm',
  'c 1:5 rwm',
  'c 1:7 rwm',
  'c 1:8 rwm',
  'c 1:9 rwm',
  'c 5:0 rwm',
  'c 5:2 rwm',
];
const DENY_ALL: DeviceRule = { allow: false, access: 'rwm' };

function listed(devices?: DeviceRule[]): string[] {
  const manager = createForTest();
  manager.apply(devices === undefined ? undefined : { devices });
  return readLimit(manager, 'devices.list').split('\n').sort();
}

describe('the device list', () => {
  test('has the default devices and no others, with and without rules', () => {
    expect(listed()).toEqual(DEFAULTS);
    expect(listed([])).toEqual(DEFAULTS);
    expect(listed([DENY_ALL])).toEqual(DEFAULTS);
  });

  test('has what the rules add', () => {
    const rule: DeviceRule = { allow: true, type: 'c', major: 10, minor: 229, access: 'rw' };
    expect(listed([DENY_ALL, rule])).toEqual([...DEFAULTS, 'c 10:229 rw'].sort());
  });

  test('is open when the last rule for all devices allows them', () => {
    expect(listed([DENY_ALL, { allow: true, access: 'rwm' }])).toEqual(['a *:* rwm']);
  });

  test('is replaced by the next one', () => {
    const manager = createForTest();
    manager.apply({ devices: [{ allow: true, type: 'b', major: 8, access: 'r' }] });
    manager.apply({ devices: [DENY_ALL] });
    expect(readLimit(manager, 'devices.list').split('\n').sort()).toEqual(DEFAULTS);
  });

  test('stays as it is when an update leaves it out', () => {
    const manager = createForTest();
    const rule: DeviceRule = { allow: true, type: 'b', major: 8, access: 'r' };
    manager.apply({ devices: [rule] });
    manager.apply({ pids: { limit: 10 } }, { devices: false });
    expect(readLimit(manager, 'devices.list')).toContain('b 8:* r');
  });
});

describe('a process', () => {
  const open = (devices: DeviceRule[], path: string) => {
    const manager = createForTest();
    manager.apply({ devices });
    const shell = startShell(`: <${path} && echo opened`);
    manager.join(shell.pid);
    shell.start();
    return shell.ended();
  };

  test('can not open a device that is not listed', async () => {
    const { output } = await open([DENY_ALL], '/dev/kmsg');
    expect(output).toContain('Operation not permitted');
  });

  test('can open one that is', async () => {
    const rule: DeviceRule = { allow: true, type: 'c', major: 1, minor: 11, access: 'r' };
    expect((await open([DENY_ALL, rule], '/dev/kmsg')).output).toBe('opened\n');
  });

  test('can open the default devices', async () => {
    expect((await open([DENY_ALL], '/dev/zero')).output).toBe('opened\n');
  });

  test('can not open a device that is denied on an open list', async () => {
    const rule: DeviceRule = { allow: false, type: 'c', major: 1, minor: 11, access: 'r' };
    const { output } = await open([{ allow: true, access: 'rwm' }, rule], '/dev/kmsg');
    expect(output).toContain('Operation not permitted');
  });
});
