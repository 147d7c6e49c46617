import type { NamespaceType, Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';

/** How /proc calls them, and the option of the kernel that brings them. */
const KINDS: Readonly<Record<NamespaceType, readonly [file: string, option: string]>> = {
  mount: ['mnt', 'CONFIG_NAMESPACES'],
  pid: ['pid', 'CONFIG_PID_NS'],
  network: ['net', 'CONFIG_NET_NS'],
  ipc: ['ipc', 'CONFIG_IPC_NS'],
  uts: ['uts', 'CONFIG_UTS_NS'],
  cgroup: ['cgroup', 'CONFIG_CGROUPS'],
  user: ['user', 'CONFIG_USER_NS'],
  time: ['time', 'CONFIG_TIME_NS'],
};
/** What `runts spec` and the engines ask for. */
const USUAL: readonly NamespaceType[] = ['mount', 'pid', 'network', 'ipc', 'uts', 'cgroup'];

const { ok, missing, lacking } = findingsOf('namespaces');

export function checkNamespaces(host: Host, spec: Spec | undefined): Finding[] {
  const wanted =
    spec === undefined
      ? (Object.keys(KINDS) as NamespaceType[]).map((type) => ({ type }))
      : (spec.linux?.namespaces ?? []).map(({ type, path }, index) => ({
          type,
          path,
          pointer: `/linux/namespaces/${index}`,
        }));
  const findings = wanted.flatMap((entry) => {
    const isNeeded = spec !== undefined || USUAL.includes(entry.type);
    return checkKind(host, { path: undefined, pointer: undefined, ...entry }, isNeeded);
  });
  const absent = findings.map(({ subject }) => subject);
  const present = wanted
    .map(({ type }) => type)
    .filter((type) => !absent.includes(subjectOf(type)));
  return present.length === 0 ? findings : [ok(present.join(', '), 'can be made'), ...findings];
}

interface Wanted {
  readonly type: NamespaceType;
  readonly path: string | undefined;
  readonly pointer: string | undefined;
}

const subjectOf = (type: NamespaceType): string => `${type} namespace`;

function checkKind(host: Host, { type, path, pointer }: Wanted, isNeeded: boolean): Finding[] {
  const [file, option] = KINDS[type];
  const lack = { subject: subjectOf(type), ...(pointer === undefined ? {} : { pointer }) };
  if (host.kind(`/proc/self/ns/${file}`) === undefined) {
    const detail = 'this kernel has none';
    return [lacking(isNeeded, { ...lack, detail, remedy: `boot a kernel with ${option}` })];
  }
  if (path) {
    if (host.kind(path) !== undefined) return [];
    const detail = `there is none to join at ${path}`;
    return [missing({ ...lack, detail, remedy: 'the process that it belonged to may have ended' })];
  }
  const setting = `user.max_${file}_namespaces`;
  if (host.read(`/proc/sys/${setting.replace('.', '/')}`)?.trim() !== '0') return [];
  const detail = `${setting} is 0, which forbids new ones`;
  return [lacking(isNeeded, { ...lack, detail, remedy: `sysctl -w ${setting}=15000` })];
}
