import { normalize } from '../../path.ts';
import { show } from '../failure.ts';
import type { Device } from '../types.ts';
import { expected, type Report } from './rule.ts';

/** makedev(3) of the kernel: 12 bits and 20. */
const LARGEST = { major: 0xfff, minor: 0xfffff } as const;

/** config-linux.md, "Devices": REQUIRED unless the type is `p`. */
export function deviceNumbers(devices: readonly Device[], report: Report): void {
  for (const [index, device] of devices.entries()) {
    if (device.type === 'p') continue;
    for (const part of ['major', 'minor'] as const) {
      const number = device[part];
      if (number === undefined) {
        report(`/linux/devices/${index}`, `expected a property "${part}" for type ${device.type}`);
      } else if (number < 0 || number > LARGEST[part]) {
        const what = `an integer from 0 to ${LARGEST[part]}`;
        report(`/linux/devices/${index}/${part}`, expected(what, number));
      }
    }
  }
}

/** The bits of `st_mode` that tell a file's type; inode(7). */
const TYPE_BITS = 0o170000;
const BITS_OF_TYPE: Readonly<Record<string, number>> = {
  b: 0o060000,
  c: 0o020000,
  u: 0o020000,
  p: 0o010000,
};

/** Podman writes the whole `st_mode`: bits of the type are taken if they tell the same as `type`. */
export function deviceModes(devices: readonly Device[], report: Report): void {
  for (const [index, { type, fileMode = 0 }] of devices.entries()) {
    const bits = fileMode & TYPE_BITS;
    if (fileMode > 0o177777 || (bits !== 0 && bits !== BITS_OF_TYPE[type])) {
      report(
        `/linux/devices/${index}/fileMode`,
        expected(`permission bits from 0 to 4095 (octal 7777)`, fileMode),
      );
    }
  }
}

/** Engines name a device twice when their user does; only two different ones can't both be there. */
export function uniqueDevices(devices: readonly Device[], report: Report): void {
  const seen = new Map<string, Device>();
  for (const [index, device] of devices.entries()) {
    const path = normalize(device.path);
    const before = seen.get(path);
    if (before === undefined) seen.set(path, device);
    else if (!same(before, device)) {
      report(
        `/linux/devices/${index}/path`,
        `expected one device for each path, got another one for ${show(device.path)}`,
      );
    }
  }
}

function same(a: Device, b: Device): boolean {
  return (['type', 'major', 'minor', 'fileMode', 'uid', 'gid'] as const).every(
    (property) => a[property] === b[property],
  );
}
