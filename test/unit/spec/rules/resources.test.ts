import { describeRule } from '../rule-cases.ts';
import type { Changes } from '../support.ts';

const BASE = '/linux/resources';
const resources = (name: string, value: unknown): Changes => ({ [`${BASE}/${name}`]: value });
const devices = (rule: object): Changes => resources('devices', [{ allow: true, ...rule }]);

describeRule('resources', {
  refused: [
    [
      'a device rule of an unknown type',
      devices({ type: 'x' }),
      `${BASE}/devices/0/type: expected one of a, b, c, got "x"`,
    ],
    [
      'a device rule with an unknown access',
      devices({ access: 'rx' }),
      `${BASE}/devices/0/access: expected letters out of r, w, m, got "rx"`,
    ],
    [
      'a device rule with a number below that for all',
      devices({ minor: -2 }),
      `${BASE}/devices/0/minor: expected a device number, or -1 for all, got -2`,
    ],
    [
      'a memory limit below that for none',
      resources('memory', { limit: -2 }),
      `${BASE}/memory/limit: expected bytes, or -1 for no limit, got -2`,
    ],
    [
      'memory and swap together below memory alone',
      resources('memory', { limit: 10, swap: 9 }),
      `${BASE}/memory/swap: expected memory and swap together, at least the limit of 10, got 9`,
    ],
    [
      'a swappiness beyond the highest',
      resources('memory', { swappiness: 101 }),
      `${BASE}/memory/swappiness: expected an integer from 0 to 100, got 101`,
    ],
    [
      'a list of CPUs without an end',
      resources('cpu', { cpus: '0-' }),
      `${BASE}/cpu/cpus: expected a list such as 0-3,7, got "0-"`,
    ],
    [
      'a list of memory nodes with a space',
      resources('cpu', { mems: '0, 1' }),
      `${BASE}/cpu/mems: expected a list such as 0-3,7, got "0, 1"`,
    ],
    [
      'an idle that is neither',
      resources('cpu', { idle: 2 }),
      `${BASE}/cpu/idle: expected 0 or 1, got 2`,
    ],
    [
      'a weight below the least',
      resources('blockIO', { weight: 9 }),
      `${BASE}/blockIO/weight: expected an integer from 10 to 1000, got 9`,
    ],
    [
      'a leaf weight above the most',
      resources('blockIO', { leafWeight: 1001 }),
      `${BASE}/blockIO/leafWeight: expected an integer from 10 to 1000, got 1001`,
    ],
    [
      'a weight of a device above the most',
      resources('blockIO', { weightDevice: [{ major: 8, minor: 0, weight: 1001 }] }),
      `${BASE}/blockIO/weightDevice/0/weight: expected an integer from 10 to 1000, got 1001`,
    ],
    [
      'a device without any weight',
      resources('blockIO', { weightDevice: [{ major: 8, minor: 0 }] }),
      `${BASE}/blockIO/weightDevice/0: expected a property "weight" or "leafWeight"`,
    ],
    [
      'a limit for a device with a negative number',
      resources('blockIO', { throttleReadBpsDevice: [{ major: -1, minor: 0, rate: 1 }] }),
      `${BASE}/blockIO/throttleReadBpsDevice/0/major: expected a device number, got -1`,
    ],
    [
      'a priority for something like two words',
      resources('network', { priorities: [{ name: 'eth0 1', priority: 1 }] }),
      `${BASE}/network/priorities/0/name: expected the name of a network interface, got "eth0 1"`,
    ],
  ],
  accepted: [
    ['the rule that denies all devices', devices({ allow: false, access: 'rwm' })],
    ['a rule for all numbers', devices({ type: 'c', major: -1, minor: -1, access: 'm' })],
    [
      'memory without limits',
      resources('memory', { limit: -1, swap: -1, reservation: -1, kernel: -1, kernelTCP: -1 }),
    ],
    ['swap without limit beside a limit of memory', resources('memory', { limit: 10, swap: -1 })],
    [
      'a reservation above the limit, which the kernel takes',
      resources('memory', { limit: 10, reservation: 20 }),
    ],
    [
      'lists of CPUs as the kernel reads them',
      resources('cpu', { cpus: '0-3,7,8-31:2/4', mems: '0' }),
    ],
    ['an empty list of CPUs', resources('cpu', { cpus: '' })],
    [
      'what Docker writes where nothing was asked for',
      {
        [`${BASE}/blockIO`]: { weight: 0 },
        [`${BASE}/cpu`]: { shares: 0 },
        [`${BASE}/pids`]: { limit: 0 },
      },
    ],
    ['the least and the most weight', resources('blockIO', { weight: 10, leafWeight: 1000 })],
  ],
});
