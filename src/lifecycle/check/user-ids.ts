import { dirname, resolve } from '../../path.ts';
import type { IdMapping, Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host, Owner } from './host.ts';

const { ok, missing, optional } = findingsOf('user ids');

/** Whether the ids of a new user namespace can be mapped, and who besides root could map some. */
export function checkUserIds(host: Host, bundle: string, spec: Spec | undefined): Finding[] {
  if (spec === undefined) return [checkSubordinate(host)];
  const makesUser = spec.linux?.namespaces?.some(({ type, path }) => type === 'user' && !path);
  if (!makesUser) return [];
  const findings = [
    ...checkMappings(host, 'uid', spec.linux?.uidMappings ?? []),
    ...checkMappings(host, 'gid', spec.linux?.gidMappings ?? []),
    ...checkReach(host, host.realPath(resolve(bundle, spec.root.path)), spec),
    ...checkProc(host, spec),
  ];
  return findings.length > 0 ? findings : [ok('mappings', 'all of their ids exist here')];
}

/** Init has become root of the user namespace when it opens the rootfs, which is nobody in particular outside. */
function checkReach(host: Host, rootfs: string, { linux }: Spec): Finding[] {
  const idOf = (mappings: readonly IdMapping[] = []) =>
    mappings.find(({ containerID }) => containerID === 0)?.hostID;
  const [uid, gid] = [idOf(linux?.uidMappings), idOf(linux?.gidMappings)];
  if (uid === undefined || uid === 0) return [];
  const closed: string[] = [];
  for (let at = dirname(rootfs); ; at = dirname(at)) {
    const owner = host.owner(at);
    if (owner !== undefined && !maySearch(owner, uid, gid)) closed.unshift(at);
    if (at === '/') break;
  }
  if (closed.length === 0) return [];
  return [
    missing({
      subject: `root file system ${rootfs}`,
      detail: `cannot be reached by uid ${uid}, root of the container, for want of search permission on ${closed.join(', ')}`,
      remedy: `chmod o+x ${closed.join(' ')}, or put the bundle elsewhere`,
      pointer: '/root/path',
    }),
  ];
}

function maySearch(owner: Owner, uid: number, gid: number | undefined): boolean {
  if (owner.uid === uid) return (owner.mode & 0o100) !== 0;
  return (owner.mode & (owner.gid === gid ? 0o010 : 0o001)) !== 0;
}

/** A place that is always empty, and so hides nothing (fs/namespace.c of the kernel, mount_too_revealing). */
const HIDES_NOTHING = '/proc/sys/fs/binfmt_misc';

/** In a user namespace nobody gets to see what is masked outside: a container in a container meets this. */
function checkProc(host: Host, { mounts = [] }: Spec): Finding[] {
  const index = mounts.findIndex(({ type }) => type === 'proc');
  if (index < 0) return [];
  const over = (host.read('/proc/self/mountinfo') ?? '')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith('/proc/') && point !== HIDES_NOTHING);
  if (over.length === 0) return [];
  return [
    missing({
      subject: 'a new proc',
      detail: `${[...new Set(over)].join(', ')} is mounted over the /proc of this host, and a user namespace may not look behind`,
      remedy: 'start the runtime outside of the container that it is in, or unmask its /proc',
      pointer: `/mounts/${index}`,
    }),
  ];
}

/** A runtime that is in a user namespace itself has no more ids to give than that one maps (user_namespaces(7)). */
function checkMappings(host: Host, kind: 'uid' | 'gid', mappings: readonly IdMapping[]): Finding[] {
  const own = (host.read(`/proc/self/${kind}_map`) ?? '')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const exists = (first: number, size: number): boolean =>
    own.some(([start = 0, , count = 0]) => first >= start && first + size <= start + count);
  return mappings.flatMap(({ hostID, size }, index) => {
    if (own.length === 0 || exists(hostID, size)) return [];
    return [
      missing({
        subject: `${kind}s ${hostID} to ${hostID + size - 1}`,
        detail: 'the runtime is in a user namespace that does not map them all',
        remedy: `map ids of /proc/self/${kind}_map, or start the runtime outside`,
        pointer: `/linux/${kind}Mappings/${index}`,
      }),
    ];
  });
}

function checkSubordinate(host: Host): Finding {
  const subject = 'subordinate ids';
  const helpers = ['newuidmap', 'newgidmap'].filter((name) => host.findProgram(name) === undefined);
  const files = ['/etc/subuid', '/etc/subgid'].filter((path) => !host.read(path)?.trim());
  if (helpers.length + files.length === 0)
    return ok(subject, 'given out in /etc/subuid and /etc/subgid');
  const lacks = [
    ...helpers.map((name) => `no ${name}`),
    ...files.map((path) => `nothing in ${path}`),
  ];
  return optional({
    subject,
    detail: `${lacks.join(', ')}; root needs none of them`,
    remedy:
      'for users other than root: install uidmap, usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER',
  });
}
