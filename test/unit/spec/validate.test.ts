import { describe, expect, test } from 'vitest';
import { RuntimeError } from '../../../src/error.ts';
import { SpecError, validateSpec } from '../../../src/spec/validate.ts';
import { configWith, documentOf, failuresOf, failuresWith, messageOf } from './support.ts';

describe('validateSpec', () => {
  test('returns the value of the document itself', () => {
    const document = documentOf(JSON.stringify(configWith({})));
    expect(validateSpec(document)).toBe(document.value);
  });

  test('keeps integers of 64 bits', () => {
    const text = JSON.stringify(
      configWith({ '/process/rlimits': [{ type: 'RLIMIT_NOFILE', soft: 7, hard: 7 }] }),
    ).replaceAll(':7', ':18446744073709551615');
    expect(validateSpec(documentOf(text)).process?.rlimits).toEqual([
      { type: 'RLIMIT_NOFILE', soft: 18446744073709551615n, hard: 18446744073709551615n },
    ]);
  });

  test('tells every failure, each with file, line, column and pointer', () => {
    const text = '{\n  "ociVersion": 1,\n  "root": {},\n  "hooks": {"prestart": [{"path": 2}]}\n}';
    expect(messageOf(() => validateSpec(documentOf(text)))).toBe(
      [
        'config.json:2:17: /ociVersion: expected a string, got 1',
        'config.json:3:11: /root: expected a property "path"',
        'config.json:4:35: /hooks/prestart/0/path: expected a string, got 2',
      ].join('\n'),
    );
  });

  test('throws an error that is one of the runtime and carries the failures as values', () => {
    try {
      validateSpec(documentOf('{"ociVersion":"1.0.0"}'));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SpecError);
      expect(error).toBeInstanceOf(RuntimeError);
      expect((error as SpecError).failures).toEqual([
        { pointer: '', detail: 'expected a property "root"', by: 'schema' },
      ]);
    }
  });

  test('names a hundred failures and counts the rest', () => {
    const text = JSON.stringify(configWith({ '/process/env': Array(150).fill(1) }));
    const lines = messageOf(() => validateSpec(documentOf(text))).split('\n');
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('config.json: and 50 more');
  });

  test('names rules and what is unsupported together, since both need another configuration', () => {
    expect(failuresWith({ '/process/cwd': 'tmp', '/linux/intelRdt': {} })).toEqual([
      '/process/cwd: expected an absolute path, got "tmp"',
      '/linux/intelRdt: resource director technology is valid, but not supported yet',
    ]);
  });

  test('shows what it got on one line, short, without what a terminal obeys', () => {
    const cwd = `\u001b[31m\u009b${'x'.repeat(200)}\n`;
    const [failure = ''] = failuresWith({ '/process/cwd': cwd });
    expect(failure).toBe(
      `/process/cwd: expected an absolute path, got "\\u001b[31m?${'x'.repeat(54)}…"`,
    );
  });
});

describe('the schema says what it expected:', () => {
  test.each<[pointer: string, value: unknown, sentence: string]>([
    ['/process/terminal', 'yes', 'expected true or false, got "yes"'],
    ['/process/args', 'sh', 'expected an array, got "sh"'],
    ['/process/args', [], 'expected at least 1 entry, got an empty array'],
    ['/process/args', null, 'expected an array, got null'],
    ['/process/user', [0], 'expected an object, got an array'],
    ['/process/user/uid', -1, 'expected an integer from 0 up, got -1'],
    ['/process/user/uid', 4294967296, 'expected an integer up to 4294967295, got 4294967296'],
    ['/process/user/uid', 0.5, 'expected an integer, got 0.5'],
    ['/hooks/poststop', [{ path: '/x', timeout: 0 }], 'expected an integer from 1 up, got 0'],
    ['/linux/personality/domain', 'X', 'expected one of LINUX, LINUX32, got "X"'],
    ['/linux/resources/cpu/quota', 0.5, 'expected an integer of 64 bits, got 0.5'],
    ['/linux/resources/cpu/shares', -1, 'expected an integer from 0 to 2^64-1, got -1'],
  ])('%s = %j', (pointer, value, sentence) => {
    const [failure = ''] = failuresWith({ [pointer]: value });
    expect(failure.endsWith(`: ${sentence}`)).toBe(true);
    expect(failure.startsWith(pointer)).toBe(true);
  });

  test.each<[claim: string, number: string, failures: string[]]>([
    ['takes the largest unsigned one', '18446744073709551615', []],
    [
      'refuses the next',
      '18446744073709551616',
      ['expected an integer from 0 to 2^64-1, got 18446744073709551616'],
    ],
    [
      'refuses a fraction beyond 2^53',
      '1e300',
      ['expected an integer from 0 to 2^64-1, got 1e+300'],
    ],
  ])('an integer of 64 bits: %s', (_claim, number, failures) => {
    const text = JSON.stringify(configWith({ '/linux/resources/cpu': { shares: 7 } }));
    expect(failuresOf(text.replace(':7', `:${number}`))).toEqual(
      failures.map((sentence) => `/linux/resources/cpu/shares: ${sentence}`),
    );
  });

  test.each<[claim: string, number: string, ok: boolean]>([
    ['takes the least', '-9223372036854775808', true],
    ['refuses the one before', '-9223372036854775809', false],
    ['takes the largest', '9223372036854775807', true],
    ['refuses the next', '9223372036854775808', false],
  ])('a signed integer of 64 bits: %s', (_claim, number, ok) => {
    const text = JSON.stringify(configWith({ '/linux/resources/cpu': { quota: 7 } }));
    expect(failuresOf(text.replace(':7', `:${number}`))).toEqual(
      ok ? [] : [`/linux/resources/cpu/quota: expected an integer of 64 bits, got ${number}`],
    );
  });
});
