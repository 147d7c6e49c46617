import { RuntimeError } from '../../error.ts';
import type { HugepageLimit, NetworkResources, Pids, Resources } from '../../spec/types.ts';
import { isAsked, type Setting, type SettingGroup } from '../setting.ts';
import { blockIoSettings } from './block-io.ts';
import { cpuSettings, cpusetSettings } from './cpu.ts';
import { memorySettings } from './memory.ts';

/**
 * Compiles `linux.resources` to writes, all but the device list (devices.ts).
 *
 * @param pointer JSON pointer of the resources
 * @returns groups in the order in which they are written
 * @throws RuntimeError for values that cgroup v1 has no place for
 */
export function compileResources(resources: Resources, pointer: string): SettingGroup[] {
  const { memory, cpu, pids, blockIO, hugepageLimits, network, rdma, unified } = resources;
  if (unified !== undefined && Object.keys(unified).length > 0) {
    throw new RuntimeError({
      operation: 'set unified resources',
      detail: 'cannot use unified on cgroup v1: these files exist on cgroup v2 only',
      pointer: `${pointer}/unified`,
    });
  }
  const groups: SettingGroup[] = [];
  if (cpu !== undefined) groups.push(...cpusetSettings(cpu, `${pointer}/cpu`));
  if (memory !== undefined) groups.push(...memorySettings(memory, `${pointer}/memory`));
  if (cpu !== undefined) groups.push(...cpuSettings(cpu, `${pointer}/cpu`));
  if (pids !== undefined) groups.push(...pidsSettings(pids, `${pointer}/pids`));
  if (blockIO !== undefined) groups.push(...blockIoSettings(blockIO, `${pointer}/blockIO`));
  for (const [index, limit] of (hugepageLimits ?? []).entries()) {
    groups.push(...hugepageSettings(limit, `${pointer}/hugepageLimits/${index}`));
  }
  if (network !== undefined) groups.push(...networkSettings(network, `${pointer}/network`));
  for (const [device, limits] of Object.entries(rdma ?? {})) {
    groups.push(...rdmaSettings(device, limits, `${pointer}/rdma/${escapePointer(device)}`));
  }
  return groups;
}

/** A container without a single process makes no sense: 0 stands for "no limit", like a negative number. */
function pidsSettings({ limit }: Pids, pointer: string): SettingGroup[] {
  const value = limit > 0 ? `${limit}` : 'max';
  return [[{ controller: 'pids', files: ['pids.max'], value, pointer: `${pointer}/limit` }]];
}

function hugepageSettings({ pageSize, limit }: HugepageLimit, pointer: string): SettingGroup[] {
  const setting: Setting = {
    controller: 'hugetlb',
    files: [`hugetlb.${pageSize}.limit_in_bytes`],
    value: `${limit}`,
    pointer,
  };
  // Pages that are reserved and not yet touched are counted apart since Linux 5.7.
  const reserved = `hugetlb.${pageSize}.rsvd.limit_in_bytes`;
  return [[setting], [{ ...setting, files: [reserved], optional: true }]];
}

function networkSettings({ classID, priorities }: NetworkResources, at: string): SettingGroup[] {
  const groups: SettingGroup[] = (priorities ?? []).map(({ name, priority }, index) => [
    {
      controller: 'net_prio',
      files: ['net_prio.ifpriomap'],
      value: `${name} ${priority}`,
      pointer: `${at}/priorities/${index}`,
    },
  ]);
  if (!isAsked(classID)) return groups;
  const pointer = `${at}/classID`;
  return [
    [{ controller: 'net_cls', files: ['net_cls.classid'], value: `${classID}`, pointer }],
    ...groups,
  ];
}

function rdmaSettings(
  device: string,
  { hcaHandles, hcaObjects }: NonNullable<Resources['rdma']>[string],
  pointer: string,
): SettingGroup[] {
  const parts = [
    hcaHandles === undefined ? '' : ` hca_handle=${hcaHandles}`,
    hcaObjects === undefined ? '' : ` hca_object=${hcaObjects}`,
  ].join('');
  if (parts === '') return [];
  return [[{ controller: 'rdma', files: ['rdma.max'], value: `${device}${parts}`, pointer }]];
}

/** RFC 6901. */
function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
