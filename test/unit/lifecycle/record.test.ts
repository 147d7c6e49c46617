import { describe, expect, test } from 'vitest';
import { parseRecord, printRecord, timestamp } from '../../../src/lifecycle/record.ts';
import { aRecord } from './a-record.ts';

const FILE = '/run/runts/web/state.json';

describe('parseRecord', () => {
  test('reads what printRecord wrote', () => {
    const record = aRecord({
      annotations: { 'org.example': 'ä"\\' },
      hooks: { poststop: [{ path: '/bin/true', args: ['true'], timeout: 3 }] },
      cgroup: {
        version: 1,
        paths: { memory: '/sys/fs/cgroup/memory/web' },
        parents: {},
        claimed: true,
      },
    });
    expect(parseRecord(printRecord(record), FILE)).toEqual(record);
  });

  const broken: readonly [what: string, text: string, detail: string][] = [
    ['an empty file', '', 'it is empty'],
    ['half a file', '{"version":1,', 'it is no JSON'],
    ['another kind of value', '[]', 'expected an object'],
    [
      'another version',
      JSON.stringify({ ...aRecord(), version: 2 }),
      'version: expected version 1',
    ],
    [
      'a relative bundle',
      JSON.stringify({ ...aRecord(), bundle: 'b' }),
      'bundle: expected an absolute path',
    ],
    [
      'a pid as text',
      JSON.stringify({ ...aRecord(), pid: '7' }),
      'pid: expected a process id, or 0',
    ],
    [
      'the pid of the init of the host',
      JSON.stringify({ ...aRecord(), pid: 1 }),
      'pid: expected a process id, or 0',
    ],
    [
      'a negative pid',
      JSON.stringify({ ...aRecord(), pid: -7 }),
      'pid: expected a process id, or 0',
    ],
    [
      'hooks without a path',
      JSON.stringify({ ...aRecord(), hooks: { poststop: [{}] } }),
      'hooks: expected lists of hooks',
    ],
    [
      'a cgroup with a relative path',
      JSON.stringify({
        ...aRecord(),
        cgroup: { version: 1, paths: { memory: 'web' }, parents: {}, claimed: true },
      }),
      'cgroup: expected a cgroup, or null',
    ],
  ];
  test.each(broken)('refuses %s by file and value, and says what helps', (_what, text, detail) => {
    expect(() => parseRecord(text, FILE)).toThrow(
      `${FILE} is damaged: ${detail}; "delete --force" removes what is left of the container`,
    );
  });

  test.each(Object.keys(aRecord()))('demands %s', (name) => {
    const { [name]: _left, ...rest }: Record<string, unknown> = { ...aRecord() };
    expect(() => parseRecord(JSON.stringify(rest), FILE)).toThrow(`is damaged: ${name}: expected`);
  });
});

describe('timestamp', () => {
  test('is the time of now as RFC 3339 with nine decimals', () => {
    const before = Date.now();
    const text = timestamp();
    const after = Date.now();
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect(Date.parse(text)).toBeGreaterThan(before - 1000);
    expect(Date.parse(text)).toBeLessThan(after + 1000);
  });
});
