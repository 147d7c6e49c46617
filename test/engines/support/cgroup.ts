/** The cgroup of a stage, the same path in every hierarchy. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupMounts } from '../../lib/cgroups.ts';

/** Makes it, so that processes can enter it. */
export function makeCgroup(cgroup: string): void {
  for (const mount of cgroupMounts()) {
    mkdirSync(`${mount}${cgroup}`);
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      // Empty at first in cgroup v1, and then nobody can enter (cpuset(7)).
      const isV1 = existsSync(join(mount, file));
      if (isV1) writeFileSync(`${mount}${cgroup}/${file}`, readFileSync(join(mount, file)));
    }
  }
}

/** @returns arguments for sh, by which it enters a cgroup in every hierarchy and then becomes a command */
export function joining(cgroup: string, command: readonly string[]): string[] {
  const lists = cgroupMounts().map((mount) => `${mount}${cgroup}/cgroup.procs`);
  const join = lists.map((list) => `echo $$ > ${list}`).join('; ');
  return ['-c', `${join}; exec "$@"`, 'sh', ...command];
}
