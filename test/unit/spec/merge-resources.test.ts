import { describe, expect, test } from 'vitest';
import {
  mergeResources,
  withConsequences,
  withoutUnchanged,
} from '../../../src/spec/merge-resources.ts';

describe('withoutUnchanged', () => {
  test('drops zeros and empty texts that stand for "as it is"', () => {
    expect(
      withoutUnchanged({
        memory: { limit: 0, reservation: 0, swap: 0, kernel: 0, kernelTCP: 0 },
        cpu: { shares: 0, quota: 0, period: 0, realtimeRuntime: 0, realtimePeriod: 0, cpus: '' },
        blockIO: { weight: 0 },
        pids: { limit: 0 },
        network: { classID: 0 },
      }),
    ).toEqual({});
  });

  test('keeps those that are values: none is taken for the number of a processor', () => {
    const change = {
      memory: { swappiness: 0, disableOOMKiller: false },
      cpu: { burst: 0, idle: 0, cpus: '0', mems: '0' },
      blockIO: { throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 0 }] },
      devices: [],
    };
    expect(withoutUnchanged(change)).toEqual(change);
  });
});

describe('withConsequences', () => {
  test('gives processes that cease to be idle their shares back', () => {
    const present = { cpu: { shares: 512, idle: 1 } };
    expect(withConsequences(present, { cpu: { idle: 0 } })).toEqual({
      cpu: { idle: 0, shares: 512 },
    });
    expect(withConsequences(present, { cpu: { idle: 0, shares: 2 } })).toEqual({
      cpu: { idle: 0, shares: 2 },
    });
    expect(withConsequences(present, { cpu: { idle: 1 } })).toEqual({ cpu: { idle: 1 } });
  });

  test('keeps to what was said about the check before an update', () => {
    const present = { memory: { checkBeforeUpdate: true } };
    expect(withConsequences(present, { memory: { limit: 1 } })).toEqual({
      memory: { limit: 1, checkBeforeUpdate: true },
    });
  });
});

describe('mergeResources', () => {
  test('changes what is given and keeps the rest', () => {
    expect(
      mergeResources(
        { memory: { limit: 1, reservation: 2 }, pids: { limit: 3 } },
        { memory: { limit: 9 }, cpu: { shares: 4 } },
      ),
    ).toEqual({
      memory: { limit: 9, reservation: 2 },
      pids: { limit: 3 },
      cpu: { shares: 4 },
    });
  });

  test('begins with nothing where there were none', () => {
    expect(mergeResources(undefined, { pids: { limit: 3 } })).toEqual({ pids: { limit: 3 } });
  });

  test('changes the entry of a disk, a page size, an interface', () => {
    expect(
      mergeResources(
        {
          blockIO: {
            weightDevice: [
              { major: 8, minor: 0, weight: 100, leafWeight: 50 },
              { major: 8, minor: 16, weight: 100 },
            ],
          },
          hugepageLimits: [{ pageSize: '2MB', limit: 1 }],
          network: { priorities: [{ name: 'eth0', priority: 1 }] },
        },
        {
          blockIO: { weightDevice: [{ major: 8, minor: 0, weight: 200 }] },
          hugepageLimits: [{ pageSize: '1GB', limit: 2 }],
          network: { priorities: [{ name: 'eth0', priority: 7 }] },
        },
      ),
    ).toEqual({
      blockIO: {
        weightDevice: [
          { major: 8, minor: 0, weight: 200, leafWeight: 50 },
          { major: 8, minor: 16, weight: 100 },
        ],
      },
      hugepageLimits: [
        { pageSize: '2MB', limit: 1 },
        { pageSize: '1GB', limit: 2 },
      ],
      network: { priorities: [{ name: 'eth0', priority: 7 }] },
    });
  });

  test('replaces the list of devices', () => {
    expect(mergeResources({ devices: [{ allow: false }] }, { devices: [{ allow: true }] })).toEqual(
      { devices: [{ allow: true }] },
    );
  });

  test('takes the limit of swap away together with that of memory, as the kernel has to', () => {
    const present = { memory: { limit: 1, swap: 2 } };
    expect(mergeResources(present, { memory: { limit: -1 } }).memory).toEqual({
      limit: -1,
      swap: -1,
    });
  });
});
