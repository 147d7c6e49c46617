import { dirname } from '../../path.ts';
import {
  capabilityNumber,
  capabilitySet,
  capabilitySetNames,
  hasCapability,
} from '../../plan/capability-names.ts';
import type { CapabilitySet, Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';

/** What making a container of root takes (capabilities(7)). */
const NEEDED = capabilitySet(
  'CAP_SYS_ADMIN',
  'CAP_SETUID',
  'CAP_SETGID',
  'CAP_SETPCAP',
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_ADMIN',
  'CAP_KILL',
);
/** Names of /proc/self/limits by those of config.json, where they are not `Max` and the name in words. */
const LIMIT_NAMES: Readonly<Record<string, string>> = {
  AS: 'Max address space',
  CORE: 'Max core file size',
  CPU: 'Max cpu time',
  DATA: 'Max data size',
  FSIZE: 'Max file size',
  LOCKS: 'Max file locks',
  MEMLOCK: 'Max locked memory',
  MSGQUEUE: 'Max msgqueue size',
  NICE: 'Max nice priority',
  NOFILE: 'Max open files',
  NPROC: 'Max processes',
  RSS: 'Max resident set',
  RTPRIO: 'Max realtime priority',
  RTTIME: 'Max realtime timeout',
  SIGPENDING: 'Max pending signals',
  STACK: 'Max stack size',
};
const SETS: readonly CapabilitySet[] = [
  'bounding',
  'permitted',
  'effective',
  'inheritable',
  'ambient',
];

const { ok, missing, optional } = findingsOf('rights');

/** Whether the runtime itself may do what it has to, and may give what the bundle wants. */
export function checkRights(host: Host, root: string, spec: Spec | undefined): Finding[] {
  const status = host.read('/proc/self/status') ?? '';
  const set = (name: string): bigint =>
    BigInt(`0x${new RegExp(`^${name}:\\t([0-9a-f]+)$`, 'm').exec(status)?.[1] ?? '0'}`);
  const bounding = set('CapBnd');
  // What root would have here, where somebody else asks.
  const own = host.uid === 0 ? set('CapPrm') : bounding;
  const hasResource = hasCapability(own, 'CAP_SYS_RESOURCE');
  return [
    user(host),
    ownCapabilities(own),
    ...(spec === undefined && !hasResource ? [withoutResource] : []),
    stateDirectory(host, root),
    ...(spec === undefined ? [] : wantedCapabilities(host, spec, bounding, own)),
    ...(spec === undefined ? [] : limits(host, spec, hasResource)),
    ...(spec === undefined ? [] : oomScore(host, spec, hasResource)),
  ];
}

function user({ uid }: Host): Finding {
  if (uid === 0) return ok('user', 'root');
  return missing({
    subject: 'user',
    detail: `uid ${uid}, and running without privileges is not there yet`,
    remedy: 'call create and run as root',
  });
}

function ownCapabilities(own: bigint): Finding {
  const lacking = capabilitySetNames(NEEDED & ~own);
  if (lacking.length === 0) return ok('capabilities of the runtime', 'all that it needs');
  return missing({
    subject: 'capabilities of the runtime',
    detail: `it lacks ${lacking.join(', ')}`,
    remedy: 'start it outside of the container or service that takes them away',
  });
}

const withoutResource: Finding = optional({
  subject: 'CAP_SYS_RESOURCE',
  detail: 'the runtime does not have it',
  remedy:
    'leave hard limits above its own, and an oomScoreAdj below its own, out of configurations',
});

function stateDirectory(host: Host, root: string): Finding {
  let folder = root;
  while (host.kind(folder) === undefined && folder !== '/') folder = dirname(folder);
  const subject = `state directory ${root}`;
  if (host.kind(folder) === 'directory' && host.canWrite(folder))
    return ok(subject, 'can be written');
  const detail = folder === root ? 'cannot be written' : `cannot be made in ${folder}`;
  return missing({ subject, detail, remedy: 'be root, or choose another one with --root' });
}

/** Such a capability is left out with a warning when the container is made (config.md, capabilities). */
function wantedCapabilities(host: Host, spec: Spec, bounding: bigint, own: bigint): Finding[] {
  const wanted = spec.process?.capabilities;
  if (wanted === undefined) return [];
  const hasUser = spec.linux?.namespaces?.some(({ type }) => type === 'user') ?? false;
  const last = Number(host.read('/proc/sys/kernel/cap_last_cap') ?? 40);
  const known = (1n << BigInt(last + 1)) - 1n;
  const lacking = new Map<string, string>();
  for (const name of SETS) {
    const granted = hasUser ? known : name === 'bounding' ? bounding : own & bounding;
    for (const capability of wanted[name] ?? []) {
      const number = capabilityNumber(capability);
      if (number === undefined || ((granted >> BigInt(number)) & 1n) === 1n) {
        if (number !== undefined && number <= last) continue;
        lacking.set(capability, `Linux ${host.release} does not know it`);
      } else lacking.set(capability, 'the runtime does not have it');
    }
  }
  if (lacking.size === 0) return [ok('capabilities of the process', 'can all be given')];
  return [...lacking].map(([subject, why]) =>
    missing({
      subject,
      detail: `${why}, so the process will not get it`,
      remedy: 'leave it out, or start the runtime with it',
      pointer: '/process/capabilities',
    }),
  );
}

function limits(host: Host, { process }: Spec, hasResource: boolean): Finding[] {
  const own = host.read('/proc/self/limits') ?? '';
  const mostFiles = BigInt(host.read('/proc/sys/fs/nr_open')?.trim() ?? 2 ** 30);
  return (process?.rlimits ?? []).flatMap(({ type, hard }, index) => {
    const pointer = `/process/rlimits/${index}/hard`;
    const name = type.replace('RLIMIT_', '');
    const lack = { subject: `${type} of ${hard}`, pointer };
    if (name === 'NOFILE' && BigInt(hard) > mostFiles) {
      const detail = `fs.nr_open allows ${mostFiles}`;
      return [missing({ ...lack, detail, remedy: `lower it, or sysctl -w fs.nr_open=${hard}` })];
    }
    const line = own.split('\n').find((text) => text.startsWith(`${LIMIT_NAMES[name]} `));
    const [, most] = line?.slice(26).trim().split(/\s+/) ?? [];
    if (hasResource || most === undefined || most === 'unlimited' || BigInt(hard) <= BigInt(most)) {
      return [];
    }
    const detail = `the runtime has ${most} itself, and no CAP_SYS_RESOURCE to raise it`;
    return [missing({ ...lack, detail, remedy: 'lower it, or raise the limit of the runtime' })];
  });
}

function oomScore(host: Host, { process }: Spec, hasResource: boolean): Finding[] {
  const wanted = process?.oomScoreAdj;
  const own = Number(host.read('/proc/self/oom_score_adj') ?? 0);
  if (wanted === undefined || hasResource || wanted >= own) return [];
  return [
    missing({
      subject: `oomScoreAdj of ${wanted}`,
      detail: `the runtime has ${own} itself, and no CAP_SYS_RESOURCE to go below`,
      remedy: `make it at least ${own}`,
      pointer: '/process/oomScoreAdj',
    }),
  ];
}
