import { RuntimeError } from '../error.ts';
import type { StepOf } from '../plan/step.ts';
import { writeFile } from '../syscalls/files.ts';
import { errnoOf } from './fs-error.ts';

/**
 * Writes the mappings of a new user namespace, each at once (user_namespaces(7)).
 *
 * @param pid of a process in it, which has not changed its ids yet
 * @throws RuntimeError that names the mapping
 */
export function writeIdMappings(pid: number, step: StepOf<'writeIdMappings'>): void {
  write(`/proc/${pid}/gid_map`, step.gidMap, '/linux/gidMappings');
  write(`/proc/${pid}/uid_map`, step.uidMap, '/linux/uidMappings');
}

function write(path: string, mappings: string, pointer: string): void {
  if (mappings === '') return;
  try {
    writeFile(path, mappings);
  } catch (cause) {
    const code = errnoOf(cause);
    const lines = mappings.trim().replaceAll('\n', ', ');
    const detail =
      code === 'EPERM'
        ? 'operation not permitted: an id that is not yours to map takes root'
        : `${code ?? String(cause)}: ranges must not overlap, and there may be at most 340`;
    throw new RuntimeError({
      operation: `map the ids ${lines}`,
      detail,
      pointer,
      path,
      code,
      cause,
    });
  }
}
