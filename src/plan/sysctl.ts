import type { NamespaceType } from '../spec/types.ts';
import { type Context, refuse } from './input.ts';
import { type Draft, fromConfig, pointerToken } from './origin.ts';

/** Kernel parameters that every ipc namespace has its own of (ipc_namespaces(7)). */
const IPC_PARAMETERS: ReadonlySet<string> = new Set(
  ['msgmax', 'msgmnb', 'msgmni', 'sem', 'shmall', 'shmmax', 'shmmni', 'shm_rmid_forced'].map(
    (name) => `kernel/${name}`,
  ),
);

/**
 * The steps for `linux.sysctl`.
 * @throws RuntimeError for a parameter that no namespace of the container has its own of: it would be the host's
 */
export function setSysctls(context: Context): Draft[] {
  return Object.entries(context.spec.linux?.sysctl ?? {}).map(([key, value]): Draft => {
    const pointer = `/linux/sysctl/${pointerToken(key)}`;
    const path = sysctlPath(key);
    const operation = `set ${key}`;
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
      throw refuse(pointer, operation, 'is no name of a kernel parameter');
    }
    const type = owner(path);
    if (type === undefined)
      throw refuse(pointer, operation, 'would change the host: it is not per namespace');
    if (!context.namespaces.has(type)) {
      throw refuse(pointer, operation, `would change the host: needs a ${type} namespace`);
    }
    if (path === 'kernel/hostname' && context.spec.hostname) {
      throw refuse(pointer, operation, 'says something else than hostname: set one of them');
    }
    return { origin: fromConfig(pointer), step: { kind: 'sysctl', path, value } };
  });
}

/**
 * Parts of a name are divided by dots or by slashes; which of the two it is shows the first, and the other one is
 * then the other: `net.ipv4.conf.eth0/100.forwarding` and `net/ipv4/conf/eth0.100/forwarding` (sysctl.d(5)).
 * @returns the path below /proc/sys
 */
export function sysctlPath(key: string): string {
  if (/^[^./]*\//.test(key)) return key;
  return key.replaceAll(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}

function owner(path: string): NamespaceType | undefined {
  if (path.startsWith('net/')) return 'network';
  if (IPC_PARAMETERS.has(path) || path.startsWith('fs/mqueue/')) return 'ipc';
  return path === 'kernel/domainname' || path === 'kernel/hostname' ? 'uts' : undefined;
}
