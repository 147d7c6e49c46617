import { describe, expect, test } from 'vitest';
import { type Flags, parseFlags } from '../../../src/cli/flags.ts';

const FLAGS = {
  bundle: { kind: 'text', short: 'b', value: 'directory', help: '' },
  force: { kind: 'switch', short: 'f', help: '' },
  'no-subreaper': { kind: 'switch', help: '' },
  'preserve-fds': { kind: 'count', value: 'number', help: '' },
  criu: { kind: 'absent', help: 'there is no checkpoint' },
} as const satisfies Flags;

const NOTHING = { force: false, 'no-subreaper': false };

function parse(...args: string[]) {
  const { values, rest } = parseFlags(FLAGS, args, { command: 'runts run' });
  return { values: { ...values }, rest };
}

describe('parseFlags', () => {
  test('without flags gives false for switches and nothing for the rest', () => {
    expect(parse()).toEqual({ values: NOTHING, rest: [] });
  });

  test.each([
    [['--bundle', '/b', 'id']],
    [['--bundle=/b', 'id']],
    [['-bundle', '/b', 'id']],
    [['-bundle=/b', 'id']],
    [['-b', '/b', 'id']],
    [['-b=/b', 'id']],
    [['id', '-b', '/b']],
    [['--bundle', '/other', '--bundle', '/b', 'id']],
    [['-b', '/b', '--', 'id']],
  ])('takes %j as Go programs do', (args) => {
    expect(parse(...args)).toEqual({ values: { ...NOTHING, bundle: '/b' }, rest: ['id'] });
  });

  test('takes a long switch with one dash, as go-runc writes it', () => {
    expect(parse('-no-subreaper', 'id').values).toEqual({ ...NOTHING, 'no-subreaper': true });
  });

  test.each([
    ['--force', true],
    ['-f', true],
    ['--force=true', true],
    ['--force=1', true],
    ['--force=false', false],
    ['-f=F', false],
  ])('takes %s as %s', (argument, value) => {
    expect(parse(argument).values.force).toBe(value);
  });

  test('leaves a switch its next argument', () => {
    expect(parse('--force', 'false')).toEqual({
      values: { ...NOTHING, force: true },
      rest: ['false'],
    });
  });

  test('gives a text that looks like a flag to the flag before it', () => {
    expect(parse('--bundle', '--force').values.bundle).toBe('--force');
  });

  test('keeps what stands behind the first = sign', () => {
    expect(parse('--bundle=a=b\nc').values.bundle).toBe('a=b\nc');
  });

  test('takes an empty text for none', () => {
    expect(parse('--bundle=').values.bundle).toBeUndefined();
  });

  test('leaves everything behind -- alone', () => {
    expect(parse('--', '--force', '-b').rest).toEqual(['--force', '-b']);
  });

  test('takes a single dash and an empty text for arguments', () => {
    expect(parse('-', '').rest).toEqual(['-', '']);
  });

  test('stops at the first argument where it is told to', () => {
    const options = { command: 'runts', stopAtArgument: true };
    const { values, rest } = parseFlags(FLAGS, ['-f', 'run', '--force', '--bogus'], options);
    expect(values.force).toBe(true);
    expect(rest).toEqual(['run', '--force', '--bogus']);
  });

  const refused: readonly [args: string[], message: string][] = [
    [['--bogus'], 'flag provided but not defined: -bogus (see "runts run --help")'],
    [['-9'], 'flag provided but not defined: -9 (see "runts run --help")'],
    [['-fb'], 'flag provided but not defined: -fb (see "runts run --help")'],
    [['--bundle'], 'flag needs an argument: -bundle'],
    [['--force=maybe'], 'the flag --force: expected true or false, got "maybe"'],
    [['--preserve-fds=-1'], 'the flag --preserve-fds: expected a number, 0 or more, got "-1"'],
    [['--preserve-fds', 'x'], 'the flag --preserve-fds: expected a number, 0 or more, got "x"'],
    [['--criu', '/bin/criu'], 'the flag --criu is not there yet: there is no checkpoint'],
    [['--constructor'], 'flag provided but not defined: -constructor (see "runts run --help")'],
  ];
  test.each(refused)('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
