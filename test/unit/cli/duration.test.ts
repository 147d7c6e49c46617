import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../../src/cli/duration.ts';

describe('parseDuration', () => {
  test.each([
    ['5s', 5_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['300ms', 300],
    ['.5s', 500],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['-1s', -1_000],
    ['+2s', 2_000],
    ['0', 0],
  ])('reads %s as Go does', (text, milliseconds) => {
    expect(parseDuration('interval', text)).toBe(milliseconds);
  });

  test.each(['5', '', '-', 's', '5 s', '5s5', '1d', '1.2.3s'])('refuses %j', (text) => {
    expect(() => parseDuration('interval', text)).toThrow(
      `invalid value ${JSON.stringify(text)} for flag -interval: parse error: expected a duration such as "5s" or "500ms"`,
    );
  });
});
