import type { BlockIo, ThrottleDevice, WeightDevice } from '../../spec/types.ts';
import { isAsked, type Setting, type SettingGroup } from '../setting.ts';

/** The weights were CFQ's until Linux 5.0, and are BFQ's since; leaf weights went with CFQ. */
const WEIGHT_FILES = ['blkio.weight', 'blkio.bfq.weight'] as const;
const WEIGHT_DEVICE_FILES = ['blkio.weight_device', 'blkio.bfq.weight_device'] as const;

/** config-linux.md, "Block IO"; the files are those of cgroup-v1/blkio-controller.rst. */
export function blockIoSettings(blockIo: BlockIo, pointer: string): SettingGroup[] {
  const settings: Setting[] = [];
  const add = (files: Setting['files'], value: string, at: string): void => {
    settings.push({ controller: 'blkio', files, value, pointer: `${pointer}/${at}` });
  };

  if (isAsked(blockIo.weight)) add(WEIGHT_FILES, `${blockIo.weight}`, 'weight');
  if (isAsked(blockIo.leafWeight))
    add(['blkio.leaf_weight'], `${blockIo.leafWeight}`, 'leafWeight');
  for (const [index, device] of (blockIo.weightDevice ?? []).entries()) {
    const at = `weightDevice/${index}`;
    const { weight, leafWeight } = device;
    if (isAsked(weight)) add(WEIGHT_DEVICE_FILES, line(device, weight), `${at}/weight`);
    if (isAsked(leafWeight)) {
      add(['blkio.leaf_weight_device'], line(device, leafWeight), `${at}/leafWeight`);
    }
  }
  for (const [field, file] of THROTTLES) {
    // A rate of 0 takes the device's limit away.
    for (const [index, device] of (blockIo[field] ?? []).entries()) {
      add([`blkio.throttle.${file}`], line(device, device.rate), `${field}/${index}`);
    }
  }
  return settings.map((setting) => [setting]);
}

const THROTTLES = [
  ['throttleReadBpsDevice', 'read_bps_device'],
  ['throttleWriteBpsDevice', 'write_bps_device'],
  ['throttleReadIOPSDevice', 'read_iops_device'],
  ['throttleWriteIOPSDevice', 'write_iops_device'],
] as const;

function line(
  { major, minor }: WeightDevice | ThrottleDevice,
  value: ThrottleDevice['rate'],
): string {
  return `${major}:${minor} ${value}`;
}
