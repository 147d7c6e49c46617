import { describe, expect, test } from 'vitest';
import { jsonLine, personalLine, textLine } from '../../../src/cli/log.ts';

const TIME = new Date('2026-11-21T10:11:12.345Z');

describe('jsonLine', () => {
  test('is what containerd decodes: lower-case level, msg, RFC 3339 time, one line', () => {
    const line = jsonLine('error', 'a "b"\nc', TIME);
    expect(line).toBe('{"level":"error","msg":"a \\"b\\"\\nc","time":"2026-11-21T10:11:12Z"}\n');
  });
});

describe('textLine', () => {
  test('is shaped as the log of runc', () => {
    expect(textLine('warning', 'a "b"\nc', TIME)).toBe(
      'time="2026-11-21T10:11:12Z" level=warning msg="a \\"b\\"\\nc"\n',
    );
  });
});

describe('personalLine', () => {
  test.each([
    ['error', 'container does not exist', 'runts: container does not exist\n'],
    ['error', 'runts create failed: no', 'runts create failed: no\n'],
    ['warning', 'unknown field', 'runts: warning: unknown field\n'],
  ] as const)('of %s %j names the program once', (level, message, line) => {
    expect(personalLine(level, message)).toBe(line);
  });
});
