import { RuntimeError } from '../error.ts';
import type { NamespaceType } from '../spec/types.ts';
import { readLink } from '../syscalls/files.ts';
import { errnoOf } from './fs-error.ts';

/** The files of /proc/PID/ns (namespaces(7)). */
const FILES: Readonly<Record<NamespaceType, string>> = {
  user: 'user',
  mount: 'mnt',
  pid: 'pid',
  network: 'net',
  uts: 'uts',
  ipc: 'ipc',
  cgroup: 'cgroup',
  time: 'time',
};

/**
 * Finds the namespaces in which a process is and this one is not.
 *
 * @throws RuntimeError where we may not know
 */
export function enteredNamespaces(pid: number): NamespaceType[] {
  return (Object.keys(FILES) as NamespaceType[]).filter(
    (type) => namespaceOf(pid, FILES[type]) !== namespaceOf('self', FILES[type]),
  );
}

/** @returns such as `mnt:[4026531841]`; undefined for a kind that this kernel does not have */
function namespaceOf(pid: number | 'self', file: string): string | undefined {
  const path = `/proc/${pid}/ns/${file}`;
  try {
    return readLink(path);
  } catch (cause) {
    const code = errnoOf(cause);
    // Of a process that has ended, too: whoever enters them is told.
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    const detail = `${code}: it takes the rights of who made the container, and CAP_SYS_PTRACE`;
    throw new RuntimeError({ operation: `read ${path}`, detail, path, code, cause });
  }
}
