import { describe, expect, test } from 'vitest';
import { flagAt, RESOURCE_FLAGS, resourcesOf } from '../../../src/cli/update-flags.ts';

describe('resourcesOf', () => {
  test('puts every flag at its place', () => {
    const built = Object.entries(RESOURCE_FLAGS).filter(([, { kind }]) => kind === 'text');
    const values = Object.fromEntries(built.map(([name], index) => [name, `${index + 1}`]));
    expect(resourcesOf(values)).toEqual({
      blockIO: { weight: 1n },
      cpu: {
        period: 2n,
        quota: 3n,
        burst: 4n,
        shares: 5n,
        realtimePeriod: 6n,
        realtimeRuntime: 7n,
        idle: 8n,
        cpus: '9',
        mems: '10',
      },
      memory: { kernel: 11n, kernelTCP: 12n, limit: 13n, reservation: 14n, swap: 15n },
      pids: { limit: 16n },
    });
  });

  test.each([
    ['0', 0n],
    ['-1', -1n],
    ['4096', 4096n],
    ['64k', 65536n],
    ['64m', 67108864n],
    ['64MB', 67108864n],
    ['64MiB', 67108864n],
    ['64 mb', 67108864n],
    ['1.5g', 1610612736n],
    ['2t', 2199023255552n],
    ['9223372036854775807', 9223372036854775807n],
  ])('reads the size %s', (text, bytes) => {
    expect(resourcesOf({ memory: text })).toEqual({ memory: { limit: bytes } });
  });

  test.each(['x', '64x', '-2', '1.5.2g', 'g', '0x10', '1e3'])('refuses the size %s', (text) => {
    expect(() => resourcesOf({ memory: text })).toThrow(
      `invalid value for memory: invalid size: '${text}'`,
    );
  });

  test('refuses what is no integer', () => {
    expect(() => resourcesOf({ 'cpu-quota': '1.5' })).toThrow(
      'invalid value for cpu-quota: expected an integer, got "1.5"',
    );
  });
});

describe('flagAt', () => {
  test('finds the flag of a place, and names the place where no flag has it', () => {
    expect(flagAt('/memory/swap')).toBe('memory-swap');
    expect(flagAt('/memory')).toBe('/memory');
  });
});
