import { describe, expect, test } from 'vitest';
import { parseResources } from '../../../src/spec/parse-resources.ts';

const parse = (text: string) => parseResources(Buffer.from(text), 'r.json');

describe('parseResources', () => {
  test('takes what linux.resources may be', () => {
    expect(parse('{"memory": {"limit": 9223372036854775807}, "pids": {"limit": -1}}')).toEqual({
      resources: { memory: { limit: 9223372036854775807n }, pids: { limit: -1 } },
      warnings: [],
    });
  });

  test('leaves unknown fields out, with a warning', () => {
    expect(parse('{"foo": 1,\n "cpu": {"shares": 2, "bar": {}}}')).toEqual({
      resources: { cpu: { shares: 2 } },
      warnings: [
        'r.json:1:9: /foo: unknown field, ignored',
        'r.json:2:30: /cpu/bar: unknown field, ignored',
      ],
    });
  });

  test.each([
    ['{"memory": {"limit": "x"}}', 'r.json:1:22: /memory/limit: expected an integer of 64 bits'],
    ['{"cpu": {"idle": 7}}', 'r.json:1:18: /cpu/idle: expected 0 or 1, got 7'],
    [
      '{"memory": {"limit": 9, "swap": 8}}',
      'r.json:1:33: /memory/swap: expected memory and swap together, at least the limit of 9, got 8',
    ],
    ['{"unified": {"a": "b"}}', 'r.json:1:13: /unified: a setting of cgroup v2 is valid, but not'],
    ['[]', 'r.json:1:1: /: expected an object, got an empty array'],
    ['', 'r.json:1:1'],
  ])('refuses %s as config.json would be', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
