import { describe, expect, test } from 'vitest';
import { parseFlags } from '../../../src/cli/flags.ts';
import { GLOBAL_FLAGS, readGlobals } from '../../../src/cli/globals.ts';

const ROOT = { uid: 0, runtimeDirectory: undefined };

function read(args: readonly string[], caller: Parameters<typeof readGlobals>[1] = ROOT) {
  return readGlobals(parseFlags(GLOBAL_FLAGS, args, { command: 'runts' }).values, caller);
}

describe('readGlobals', () => {
  test('keeps the state in /run/runts', () => {
    expect(read([]).root).toBe('/run/runts');
  });

  test('keeps that of an ordinary user in the directory of the session', () => {
    expect(read([], { uid: 1000, runtimeDirectory: '/run/user/1000' }).root).toBe(
      '/run/user/1000/runts',
    );
    expect(read([], { uid: 1000, runtimeDirectory: undefined }).root).toBe('/run/runts');
  });

  test('never takes the directory of a session for root', () => {
    expect(read([], { uid: 0, runtimeDirectory: '/run/user/1000' }).root).toBe('/run/runts');
  });

  test('makes --root independent of the working directory', () => {
    expect(read(['--root', 'state']).root).toBe(`${process.cwd()}/state`);
  });

  test.each(['--rootless=auto', '--rootless=false', '--systemd-cgroup=false', '--debug'])(
    'takes %s',
    (argument) => {
      expect(() => read([argument])).not.toThrow();
    },
  );

  test.each([
    ['--systemd-cgroup', 'the flag --systemd-cgroup: cgroups made by systemd are not there yet'],
    ['--rootless=true', 'the flag --rootless: running without privileges is not there yet'],
    ['--rootless=maybe', 'the flag --rootless: expected "true", "false" or "auto", got "maybe"'],
    ['--log-format=xml', 'the flag --log-format: expected "text" or "json", got "xml"'],
    ['--criu=/bin/criu', 'the flag --criu is not there yet'],
  ])('refuses %s by name', (argument, message) => {
    expect(() => read([argument])).toThrow(message);
  });
});
