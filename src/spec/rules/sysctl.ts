import { show } from '../failure.ts';
import { escapeToken } from '../json-parser.ts';
import type { NamespaceType, Spec } from '../types.ts';
import { namespaceOf } from './namespaces.ts';
import type { Rule } from './rule.ts';

/** All of ipc/ipc_sysctl.c: each belongs to an ipc namespace. */
const IPC: readonly string[] = [
  'kernel/auto_msgmni',
  'kernel/msg_next_id',
  'kernel/msgmax',
  'kernel/msgmnb',
  'kernel/msgmni',
  'kernel/sem',
  'kernel/sem_next_id',
  'kernel/shm_next_id',
  'kernel/shm_rmid_forced',
  'kernel/shmall',
  'kernel/shmmax',
  'kernel/shmmni',
];

/** The fields of the configuration that say the same. */
const FIELDS: Readonly<Record<string, 'hostname' | 'domainname'>> = {
  'kernel/hostname': 'hostname',
  'kernel/domainname': 'domainname',
};

/** A namespace by one of these paths is the one that the runtime itself is in, or that of the whole host. */
const OF_THE_HOST = /^\/proc\/(self|thread-self|1)\/(task\/[0-9]+\/)?ns\//;

/**
 * Only what belongs to a namespace of the container's: anything else would change the host, or fail.
 * config-linux.md, "Sysctl"; sysctl(8) for the two separators.
 */
export const sysctl: Rule = (spec, report) => {
  const seen = new Map<string, string>();
  for (const name of Object.keys(spec.linux?.sysctl ?? {})) {
    const path = sysctlPath(name);
    const before = path === undefined ? undefined : seen.get(path);
    const complaint =
      path === undefined
        ? `expected a name such as net.ipv4.ip_forward, got ${show(name)}`
        : before === undefined
          ? complaintAbout(spec, path)
          : `expected each setting once, got it also as ${show(before)}`;
    if (path !== undefined) seen.set(path, name);
    if (complaint !== undefined) report(`/linux/sysctl/${escapeToken(name)}`, complaint);
  }
};

/**
 * Whichever of `.` and `/` comes first in a name separates; the other one stands for a dot, as in the name of a
 * network interface: `net/ipv4/conf/eth0.1/forwarding` is `net.ipv4.conf.eth0/1.forwarding`.
 *
 * @returns the path below /proc/sys, undefined if the name leads elsewhere or nowhere
 */
export function sysctlPath(name: string): string | undefined {
  const first = name.search(/[./]/);
  const swap = name[first] === '.';
  const path = swap ? name.replace(/[./]/g, (char) => (char === '.' ? '/' : '.')) : name;
  const parts = path.split('/');
  if (parts.length < 2 || parts.some((part) => part === '' || part === '.' || part === '..')) {
    return undefined;
  }
  return path;
}

function complaintAbout(spec: Spec, path: string): string | undefined {
  const field = FIELDS[path];
  if (field !== undefined && spec[field]) {
    return `expected no setting that contends with /${field}, got both`;
  }
  const kind = kindOf(path);
  if (kind === undefined) {
    return 'expected a setting that belongs to a namespace, got one that would change the host';
  }
  const namespace = namespaceOf(spec, kind);
  if (namespace !== undefined && !OF_THE_HOST.test(namespace.path)) return undefined;
  const got = namespace === undefined ? 'none' : "the host's";
  return `expected a namespace of type "${kind}" that is not the host's, got ${got}`;
}

function kindOf(path: string): NamespaceType | undefined {
  if (path.startsWith('net/')) return 'network';
  if (IPC.includes(path) || path.startsWith('fs/mqueue/')) return 'ipc';
  return FIELDS[path] === undefined ? undefined : 'uts';
}
