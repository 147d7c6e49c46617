import { type CgroupFacts, parseCgroupFacts } from '../../cgroups/facts.ts';
import { placeCgroup } from '../../cgroups/place.ts';
import { RuntimeError } from '../../error.ts';
import { dirname } from '../../path.ts';
import type { Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';
import { checkLimits, settingsOf } from './limits.ts';

/** Every container has a device list, and is killed and paused through its freezer. */
const ALWAYS = ['devices', 'freezer'];
/** For limits that configurations may ask for. */
const OTHERS = ['memory', 'cpu', 'cpuset', 'pids', 'blkio', 'hugetlb', 'net_cls', 'net_prio'];

const { ok, missing, lacking } = findingsOf('cgroups');

/** Whether the host's cgroups can hold a container, and have the controllers that its limits need. */
export function checkCgroups(host: Host, spec: Spec | undefined): Finding[] {
  const facts = parseCgroupFacts(
    host.read('/proc/self/mountinfo') ?? '',
    host.read('/proc/self/cgroup') ?? '',
  );
  if (facts.layout === 'v2' || facts.layout === 'none') return [LAYOUTS[facts.layout]];
  return [
    ok('layout', facts.layout === 'v1' ? 'cgroup v1' : 'cgroup v1, with v2 beside it'),
    ...checkPlace(host, facts, spec),
    ...checkControllers(host, facts, spec),
    ...(spec === undefined ? [] : checkLimits(host, facts, spec)),
  ];
}

const LAYOUTS = {
  v2: missing({
    subject: 'layout',
    detail: 'cgroup v2 alone, which runts does not support yet',
    remedy: 'boot with systemd.unified_cgroup_hierarchy=0 (systemd before 258)',
  }),
  none: missing({
    subject: 'layout',
    detail: 'no cgroup file system is mounted',
    remedy: 'mount the v1 controllers below /sys/fs/cgroup (cgroups-mount, or systemd, does it)',
  }),
} as const;

function checkPlace(host: Host, facts: CgroupFacts, spec: Spec | undefined): Finding[] {
  const path = spec?.linux?.cgroupsPath;
  const asked = path ? { pointer: '/linux/cgroupsPath' } : {};
  let paths: readonly string[];
  try {
    paths = Object.values(placeCgroup({ path, id: 'container', facts }).paths);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    const subject = 'place of the cgroup';
    const remedy = 'set linux.cgroupsPath to an absolute path';
    return [missing({ subject, detail: error.detail, remedy, ...asked })];
  }
  const closed = paths.map((wanted) => existing(host, wanted)).filter((at) => !host.canWrite(at));
  if (closed.length === 0) return [ok('place of the cgroup', 'can be written in every hierarchy')];
  return [
    missing({
      subject: 'place of the cgroup',
      detail: `${closed.join(', ')} cannot be written`,
      remedy:
        'be root, mount it read-write, or have a directory delegated and name it in linux.cgroupsPath',
      ...asked,
    }),
  ];
}

function existing(host: Host, path: string): string {
  let at = path;
  while (host.kind(at) === undefined && at !== '/') at = dirname(at);
  return at;
}

function checkControllers(host: Host, facts: CgroupFacts, spec: Spec | undefined): Finding[] {
  const mounted = new Set(facts.hierarchies.flatMap(({ controllers }) => controllers));
  const needed = new Map<string, string | undefined>(ALWAYS.map((name) => [name, undefined]));
  for (const setting of settingsOf(spec)) {
    if (setting.optional !== true && !needed.has(setting.controller)) {
      needed.set(setting.controller, setting.pointer);
    }
  }
  const names = spec === undefined ? [...ALWAYS, ...OTHERS] : [...needed.keys()];
  const present = names.filter((name) => mounted.has(name));
  const absent = names.filter((name) => !mounted.has(name));
  return [
    ...(present.length === 0 ? [] : [ok('controllers', present.join(', '))]),
    ...absent.map((name) => {
      const pointer = needed.get(name);
      const place = pointer === undefined ? {} : { pointer };
      return lacking(needed.has(name), { ...whyAbsent(host, name), ...place });
    }),
  ];
}

/** What /proc/cgroups knows of a controller that is mounted nowhere (cgroups(7)). */
function whyAbsent(host: Host, name: string) {
  const subject = `controller ${name}`;
  const line = (host.read('/proc/cgroups') ?? '')
    .split('\n')
    .find((text) => text.startsWith(`${name}\t`));
  if (line === undefined) {
    const detail = 'this kernel does not have it on cgroup v1';
    return {
      subject,
      detail,
      remedy: 'boot a kernel that has it, or leave out the limits that need it',
    };
  }
  if (line.endsWith('\t0')) {
    const detail = 'it is switched off';
    return { subject, detail, remedy: `boot with cgroup_enable=${name}` };
  }
  const place = `/sys/fs/cgroup/${name}`;
  return {
    subject,
    detail: 'this kernel has it, but it is not mounted',
    remedy: `mkdir ${place} && mount -t cgroup -o ${name} cgroup ${place}`,
  };
}
