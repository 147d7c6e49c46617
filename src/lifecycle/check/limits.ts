import type { CgroupFacts } from '../../cgroups/facts.ts';
import { compileResources } from '../../cgroups/resources/compile.ts';
import type { Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';

const { missing } = findingsOf('cgroups');

/** @returns what is written for the limits of a bundle */
export function settingsOf(spec: Spec | undefined) {
  const resources = spec?.linux?.resources;
  return resources === undefined ? [] : compileResources(resources, '/linux/resources').flat();
}

/** What the limits of a bundle name that a host may not have: processors, disks, huge pages, accounting of swap. */
export function checkLimits(host: Host, facts: CgroupFacts, spec: Spec): Finding[] {
  return [
    ...checkCpuset(host, spec),
    ...checkDisks(host, spec),
    ...checkHugePages(host, spec),
    ...checkSwap(host, facts, spec),
  ];
}

function checkCpuset(host: Host, { linux }: Spec): Finding[] {
  const { cpus = '', mems = '' } = linux?.resources?.cpu ?? {};
  const kinds = [
    ['cpus', cpus, 'processors', '/sys/devices/system/cpu/online'],
    ['mems', mems, 'memory nodes', '/sys/devices/system/node/online'],
  ] as const;
  return kinds.flatMap(([field, wanted, what, path]) => {
    const online = host.read(path)?.trim();
    if (wanted === '' || online === undefined) return [];
    const present = rangesOf(online);
    const isThere = ([first, last]: Range) =>
      present.some(([low, high]) => first >= low && last <= high);
    if (rangesOf(wanted).every(isThere)) return [];
    return [
      missing({
        subject: `${what} ${wanted}`,
        detail: `this host has ${online}`,
        remedy: 'choose of these',
        pointer: `/linux/resources/cpu/${field}`,
      }),
    ];
  });
}

type Range = readonly [first: number, last: number];

/** @param list such as `0-3,7` (cpuset(7), "List format") */
function rangesOf(list: string): Range[] {
  return list
    .split(',')
    .filter((range) => range.trim() !== '')
    .map((range) => {
      const [first = '', last = first] = range.trim().split('-');
      return [Number(first), Number(last)];
    });
}

const DISK_LISTS = [
  'weightDevice',
  'throttleReadBpsDevice',
  'throttleWriteBpsDevice',
  'throttleReadIOPSDevice',
  'throttleWriteIOPSDevice',
] as const;

function checkDisks(host: Host, { linux }: Spec): Finding[] {
  return DISK_LISTS.flatMap((list) =>
    (linux?.resources?.blockIO?.[list] ?? []).flatMap(({ major, minor }, index) => {
      if (host.kind(`/sys/dev/block/${major}:${minor}`) !== undefined) return [];
      return [
        missing({
          subject: `disk ${major}:${minor}`,
          detail: 'this host does not have it',
          remedy: 'choose one that lsblk lists',
          pointer: `/linux/resources/blockIO/${list}/${index}`,
        }),
      ];
    }),
  );
}

const KIB: Readonly<Record<string, number>> = { KB: 1, MB: 1024, GB: 1024 * 1024 };

function checkHugePages(host: Host, spec: Spec): Finding[] {
  return (spec.linux?.resources?.hugepageLimits ?? []).flatMap(({ pageSize }, index) => {
    const [, count = '', unit = ''] = /^(\d+)([KMG]B)$/.exec(pageSize) ?? [];
    const kib = Number(count) * (KIB[unit] ?? 1);
    if (host.kind(`/sys/kernel/mm/hugepages/hugepages-${kib}kB`) !== undefined) return [];
    return [
      missing({
        subject: `huge pages of ${pageSize}`,
        detail: 'this host does not have them',
        remedy: 'choose a size in /sys/kernel/mm/hugepages',
        pointer: `/linux/resources/hugepageLimits/${index}/pageSize`,
      }),
    ];
  });
}

function checkSwap(host: Host, { hierarchies }: CgroupFacts, spec: Spec): Finding[] {
  const memory = hierarchies.find(({ controllers }) => controllers.includes('memory'));
  const file = 'memory.memsw.limit_in_bytes';
  const setting = settingsOf(spec).find(({ files, optional }) => files.includes(file) && !optional);
  if (setting === undefined || memory === undefined) return [];
  if (host.kind(`${memory.mountPoint}/${file}`) !== undefined) return [];
  return [
    missing({
      subject: 'limit of memory and swap',
      detail: 'swap is not accounted on this host',
      remedy: 'boot with swapaccount=1, or leave it out',
      pointer: setting.pointer,
    }),
  ];
}
