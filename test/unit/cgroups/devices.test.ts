import { describe, expect, test } from 'vitest';
import { compileDevices, formatDevice } from '../../../src/cgroups/resources/devices.ts';
import type { DeviceRule } from '../../../src/spec/types.ts';

const DEFAULTS = [
  'c *:* m',
  'b *:* m',
  'c 1:3 rwm',
  'c 1:5 rwm',
  'c 1:7 rwm',
  'c 1:8 rwm',
  'c 1:9 rwm',
  'c 5:0 rwm',
  'c 5:2 rwm',
  'c 136:* rwm',
  'c 10:200 rwm',
];
const ALL = { access: 'rwm' } as const;

const compile = (...rules: DeviceRule[]) => compileDevices(rules, '/d');
const lines = (...rules: DeviceRule[]) => compile(...rules).exceptions.map(formatDevice);

describe('compileDevices', () => {
  test('without rules denies everything but the default devices', () => {
    expect(compile().allowByDefault).toBe(false);
    expect(lines()).toEqual(DEFAULTS);
  });

  test('a rule for all devices forgets the rules before it', () => {
    const list = compile(
      { allow: true, type: 'c', major: 7, minor: 7, access: 'r' },
      { allow: false, ...ALL },
    );
    expect(list.exceptions.map(formatDevice)).toEqual(DEFAULTS);
    expect(compile({ allow: true, ...ALL })).toEqual({ allowByDefault: true, exceptions: [] });
  });

  test('adds a device, -1 and an absent number standing for all, an absent access for every one', () => {
    expect(lines({ allow: true, type: 'c', major: 13, minor: -1 })[0]).toBe('c 13:* rwm');
    expect(lines({ allow: true, type: 'b', major: 8, minor: 3, access: 'wr' })[0]).toBe('b 8:3 rw');
  });

  test('a default completes a rule for the same device, whose place in the config stays known', () => {
    const [first] = compile({ allow: true, type: 'c', major: 1, minor: 3, access: 'r' }).exceptions;
    expect(first).toMatchObject({ access: 'rwm', pointer: '/d/0' });
  });

  test('a later rule takes back what an earlier one gave, as far as it goes', () => {
    const [first] = lines(
      { allow: true, type: 'c', major: 9, minor: 9, access: 'rwm' },
      { allow: false, type: 'c', major: 9, access: 'w' },
    );
    expect(first).toBe('c 9:9 rm');
    expect(
      lines(
        { allow: true, type: 'c', major: 9, minor: 9, access: 'rw' },
        { allow: false, type: 'c', major: 9, access: 'rw' },
      ),
    ).toEqual(DEFAULTS);
  });

  test('on a list that allows by default, denials are the exceptions', () => {
    const list = compile(
      { allow: true, ...ALL },
      { allow: false, type: 'c', major: 10, minor: 229, access: 'rw' },
    );
    expect(list).toEqual({
      allowByDefault: true,
      exceptions: [{ type: 'c', major: '10', minor: '229', access: 'rw', pointer: '/d/1' }],
    });
  });

  test('a denied default device is allowed again', () => {
    const list = compile(
      { allow: true, ...ALL },
      { allow: false, type: 'c', major: 1, minor: 3, ...ALL },
    );
    expect(list).toEqual({ allowByDefault: true, exceptions: [] });
  });

  test('a rule of any type that is not about everything is two rules, for the kernel would allow all', () => {
    expect(lines({ allow: true, access: 'r', major: 4 }).slice(0, 2)).toEqual([
      'b 4:* r',
      'c 4:* r',
    ]);
    expect(compile({ allow: true, type: 'a', access: 'm' }).allowByDefault).toBe(false);
  });

  test('refuses to take one device out of a broader rule, which the kernel would ignore', () => {
    expect(() =>
      lines(
        { allow: true, type: 'c', ...ALL },
        { allow: false, type: 'c', major: 1, minor: 11, access: 'w' },
      ),
    ).toThrow(
      'config.json /d/1: set the device list: cgroup v1 cannot deny c 1:11 w out of the broader rule "allow c *:* rwm": list the devices one by one',
    );
  });

  test('refuses a broad denial that would hide a default device, naming the rule', () => {
    expect(() =>
      lines({ allow: true, ...ALL }, { allow: false, type: 'c', major: 1, ...ALL }),
    ).toThrow(
      'config.json /d/1: set the device list: cgroup v1 cannot allow c 1:3 rwm as for every container out of the broader rule "deny c 1:* rw"',
    );
  });

  test('takes broader rules whose access does not meet', () => {
    expect(
      lines(
        { allow: true, type: 'c', access: 'm' },
        { allow: false, type: 'c', major: 4, minor: 1, access: 'rw' },
      )[0],
    ).toBe('c *:* m');
  });

  test.each([
    [{ allow: true, type: 'x' }, 'type "x" is none of a, b, c'],
    [{ allow: true, type: 'c', access: 'rx' }, 'access "rx" is not made of r, w, m'],
  ])('refuses %o', (rule, text) => {
    expect(() => compile(rule)).toThrow(`config.json /d/0: set the device list: ${text}`);
  });

  test('keeps numbers beyond 2^53', () => {
    expect(lines({ allow: true, type: 'c', major: 2n ** 60n, minor: 1 })[0]).toBe(
      'c 1152921504606846976:1 rwm',
    );
  });
});
