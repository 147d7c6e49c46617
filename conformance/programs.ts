/** Which programs a built suite has, and which of them may run beside each other. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Program {
  readonly name: string;
  /** Path of the program below the suite's folder. */
  readonly file: string;
  /** It uses a cgroup of a fixed name, so that two of these disturb each other. */
  readonly sharesCgroup: boolean;
}

/** What `make runtimetest validation-executables` leaves behind besides the programs. */
const NEEDED = ['runtimetest', 'rootfs-amd64.tar.gz', 'validation'];
const SHARES_CGROUP = /^(linux_cgroups_|delete_(only_create_)?resources$)/;

/**
 * @param suite folder of a built suite
 * @returns its programs, by name
 * @throws TypeError when the folder is not a built suite
 */
export function findPrograms(suite: string): Program[] {
  const missing = NEEDED.filter((name) => !existsSync(join(suite, name)));
  if (missing.length > 0) {
    throw new TypeError(`${suite} is not a built suite: it has no ${missing.join(', no ')}`);
  }
  const programs = readdirSync(join(suite, 'validation'))
    .sort()
    .map((name) => ({ name, file: join('validation', name, `${name}.t`) }))
    .filter(({ file }) => existsSync(join(suite, file)))
    .map((program) => ({ ...program, sharesCgroup: SHARES_CGROUP.test(program.name) }));
  if (programs.length === 0) {
    throw new TypeError(`${suite} is not a built suite: there is no validation/*/*.t`);
  }
  return programs;
}
