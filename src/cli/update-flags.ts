import { RuntimeError } from '../error.ts';
import type { Flags, FlagValues } from './flags.ts';

const NO_RDT = 'resource director technology is not supported';

/** The limits that `update` takes as flags, named as runc names them. */
export const RESOURCE_FLAGS = {
  'blkio-weight': { kind: 'text', value: 'weight', help: 'share of the disks, from 10 to 1000' },
  'cpu-period': { kind: 'text', value: 'µs', help: 'period of the limit of processor time' },
  'cpu-quota': { kind: 'text', value: 'µs', help: 'processor time in each period' },
  'cpu-burst': { kind: 'text', value: 'µs', help: 'unused time that may be saved up; 0 is none' },
  'cpu-share': { kind: 'text', value: 'shares', help: 'weight against other containers' },
  'cpu-rt-period': { kind: 'text', value: 'µs', help: 'period of the realtime limit' },
  'cpu-rt-runtime': { kind: 'text', value: 'µs', help: 'realtime processor time in each period' },
  'cpu-idle': { kind: 'text', value: '0|1', help: '1: run only where nobody else wants to' },
  'cpuset-cpus': { kind: 'text', value: 'list', help: 'processors to use, such as 0-3,7' },
  'cpuset-mems': { kind: 'text', value: 'list', help: 'memory nodes to use' },
  'kernel-memory': { kind: 'text', value: 'size', help: 'given up by Linux 5.16: no effect there' },
  'kernel-memory-tcp': { kind: 'text', value: 'size', help: 'limit of the buffers of TCP' },
  memory: { kind: 'text', value: 'size', help: 'limit of memory: bytes, or such as 512m' },
  'memory-reservation': { kind: 'text', value: 'size', help: 'what it is pushed back to' },
  'memory-swap': { kind: 'text', value: 'size', help: 'limit of memory and swap together' },
  'pids-limit': { kind: 'text', value: 'number', help: 'limit of processes and threads' },
  'l3-cache-schema': { kind: 'absent', help: NO_RDT },
  'mem-bw-schema': { kind: 'absent', help: NO_RDT },
} as const satisfies Flags;

type Values = FlagValues<typeof RESOURCE_FLAGS>;
type Form = 'number' | 'size' | 'text';

/** Place in `linux.resources`, and how the value is written. */
const SETTINGS = {
  'blkio-weight': ['/blockIO/weight', 'number'],
  'cpu-period': ['/cpu/period', 'number'],
  'cpu-quota': ['/cpu/quota', 'number'],
  'cpu-burst': ['/cpu/burst', 'number'],
  'cpu-share': ['/cpu/shares', 'number'],
  'cpu-rt-period': ['/cpu/realtimePeriod', 'number'],
  'cpu-rt-runtime': ['/cpu/realtimeRuntime', 'number'],
  'cpu-idle': ['/cpu/idle', 'number'],
  'cpuset-cpus': ['/cpu/cpus', 'text'],
  'cpuset-mems': ['/cpu/mems', 'text'],
  'kernel-memory': ['/memory/kernel', 'size'],
  'kernel-memory-tcp': ['/memory/kernelTCP', 'size'],
  memory: ['/memory/limit', 'size'],
  'memory-reservation': ['/memory/reservation', 'size'],
  'memory-swap': ['/memory/swap', 'size'],
  'pids-limit': ['/pids/limit', 'number'],
} as const satisfies Partial<Record<keyof Values, readonly [pointer: string, form: Form]>>;

/** @returns the flag that a JSON pointer into `linux.resources` comes from; the pointer itself where none does */
export function flagAt(pointer: string): string {
  return Object.entries(SETTINGS).find(([, [at]]) => at === pointer)?.[0] ?? pointer;
}

/**
 * @returns `linux.resources` with what was given
 * @throws RuntimeError for a value that is not written as it should be; its range is not looked at
 */
export function resourcesOf(values: Partial<Values>): Record<string, Record<string, unknown>> {
  const resources: Record<string, Record<string, unknown>> = {};
  for (const [flag, [pointer, form]] of Object.entries(SETTINGS)) {
    const text = values[flag as keyof typeof SETTINGS];
    if (text === undefined) continue;
    const [, section = '', field = ''] = pointer.split('/');
    resources[section] = { ...resources[section], [field]: readValue(flag, form, text) };
  }
  return resources;
}

function readValue(flag: string, form: Form, text: string): bigint | string {
  switch (form) {
    case 'text':
      return text;
    case 'number':
      if (/^-?\d+$/.test(text)) return BigInt(text);
      return fail(flag, `expected an integer, got ${JSON.stringify(text)}`);
    case 'size':
      return parseSize(text) ?? fail(flag, `invalid size: '${text}'`);
    default:
      throw new TypeError(`unknown form ${form satisfies never}`);
  }
}

const POWERS = 'kmgtp';

/** @returns bytes of `-1`, `4096`, `64m`, `1.5GiB`: the units are powers of 1024 */
function parseSize(text: string): bigint | undefined {
  if (text === '-1') return -1n;
  const match = /^(\d+)(\.\d+)? ?(?:([kmgtp])?i?b?)$/i.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', unit = ''] = match;
  const factor = 1024n ** BigInt(POWERS.indexOf(unit.toLowerCase() || ' ') + 1);
  return BigInt(whole) * factor + BigInt(Math.trunc(Number(`0${fraction}`) * Number(factor)));
}

function fail(flag: string, detail: string): never {
  throw new RuntimeError({ operation: '', detail: `invalid value for ${flag}: ${detail}` });
}
