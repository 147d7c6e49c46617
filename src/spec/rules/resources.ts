import { encodeText } from '../../bytes.ts';
import type { BlockIo, Cpu, DeviceRule, Memory, NetworkResources } from '../types.ts';
import { expected, type Report } from './rule.ts';

const BASE = '/linux/resources';

/** config-linux.md, "Allowed Device list". */
export function deviceRules(devices: readonly DeviceRule[], report: Report): void {
  for (const [index, { type = '', access = '', major, minor }] of devices.entries()) {
    const pointer = `${BASE}/devices/${index}`;
    if (!['', 'a', 'b', 'c'].includes(type)) {
      report(`${pointer}/type`, expected('one of a, b, c', type));
    }
    if (!/^[rwm]*$/.test(access)) {
      report(`${pointer}/access`, expected('letters out of r, w, m', access));
    }
    // Engines write -1 for all of them, which is what the kernel calls `*`.
    for (const [part, number] of Object.entries({ major, minor })) {
      if (number !== undefined && (number < -1 || number > 0xffffffff)) {
        report(`${pointer}/${part}`, expected('a device number, or -1 for all', number));
      }
    }
  }
}

/** config-linux.md, "Memory": -1 is no limit; swap is memory and swap together. */
export function memory(limits: Memory, report: Report): void {
  for (const name of ['limit', 'reservation', 'swap', 'kernel', 'kernelTCP'] as const) {
    const value = limits[name];
    if (value !== undefined && value < -1) {
      report(`${BASE}/memory/${name}`, expected('bytes, or -1 for no limit', value));
    }
  }
  const { limit = 0, swap = 0, swappiness = 0 } = limits;
  if (swap > 0 && swap < limit) {
    report(
      `${BASE}/memory/swap`,
      expected(`memory and swap together, at least the limit of ${limit}`, swap),
    );
  }
  if (swappiness > 100) {
    report(`${BASE}/memory/swappiness`, expected('an integer from 0 to 100', swappiness));
  }
}

/** cpuset(7), "List format", with the strides that the kernel reads too. */
const LIST = /^[0-9]+(-[0-9]+(:[0-9]+\/[0-9]+)?)?(,[0-9]+(-[0-9]+(:[0-9]+\/[0-9]+)?)?)*$/;

export function cpu(limits: Cpu, report: Report): void {
  for (const name of ['cpus', 'mems'] as const) {
    const list = limits[name] ?? '';
    if (list !== '' && !LIST.test(list)) {
      report(`${BASE}/cpu/${name}`, expected('a list such as 0-3,7', list));
    }
  }
  const { idle = 0 } = limits;
  if (idle !== 0 && idle !== 1) report(`${BASE}/cpu/idle`, expected('0 or 1', idle));
}

/** config-linux.md, "Block IO". Docker writes a weight of 0 where none was asked for. */
export function blockIo(blockIO: BlockIo, report: Report): void {
  checkWeight(`${BASE}/blockIO/weight`, blockIO.weight);
  checkWeight(`${BASE}/blockIO/leafWeight`, blockIO.leafWeight);
  blockIO.weightDevice?.forEach((device, index) => {
    const pointer = `${BASE}/blockIO/weightDevice/${index}`;
    checkWeight(`${pointer}/weight`, device.weight);
    checkWeight(`${pointer}/leafWeight`, device.leafWeight);
    if (device.weight === undefined && device.leafWeight === undefined) {
      report(pointer, 'expected a property "weight" or "leafWeight"');
    }
  });
  for (const list of DEVICE_LISTS) {
    blockIO[list]?.forEach((device, index) => {
      for (const part of ['major', 'minor'] as const) {
        if (device[part] < 0 || device[part] > 0xffffffff) {
          const pointer = `${BASE}/blockIO/${list}/${index}/${part}`;
          report(pointer, expected('a device number', device[part]));
        }
      }
    });
  }

  function checkWeight(pointer: string, weight = 0): void {
    if (weight !== 0 && (weight < 10 || weight > 1000)) {
      report(pointer, expected('an integer from 10 to 1000', weight));
    }
  }
}

const DEVICE_LISTS = [
  'weightDevice',
  'throttleReadBpsDevice',
  'throttleWriteBpsDevice',
  'throttleReadIOPSDevice',
  'throttleWriteIOPSDevice',
] as const satisfies readonly (keyof BlockIo)[];

/** Longest name of an interface (IFNAMSIZ less its end), in bytes. */
const INTERFACE_LIMIT = 15;

export function networkPriorities(network: NetworkResources, report: Report): void {
  network.priorities?.forEach(({ name }, index) => {
    // One write to net_prio.ifpriomap is one line of two words.
    if (!/^[^\s/]+$/.test(name) || encodeText(name).length > INTERFACE_LIMIT) {
      const pointer = `${BASE}/network/priorities/${index}/name`;
      report(pointer, expected('the name of a network interface', name));
    }
  });
}
