import { type FilterRefusal, libseccompVersion } from '../syscalls/seccomp.ts';
import { failAt } from './failure.ts';
import type { OriginalRule } from './rules.ts';

/**
 * Tells what libseccomp did not take, in terms of config.json.
 *
 * @param pointer of the architecture.
 * @throws RuntimeError always.
 */
export function refuse(
  { stage, index, code }: FilterRefusal,
  pointer: string,
  rules: readonly OriginalRule[],
): never {
  const version = `libseccomp ${libseccompVersion()}`;
  switch (stage) {
    case 'filter':
      return failAt('/linux/seccomp', `${version} cannot make the filter (${code})`, code);
    case 'architecture':
      return failAt(
        pointer,
        code === 'EDOM'
          ? 'the architecture has the other byte order than this machine'
          : `${version} has no filters for this architecture (${code})`,
        code,
      );
    case 'rule': {
      const rule = rules[index];
      return failAt(
        rule?.pointer ?? '/linux/seccomp/syscalls',
        `${version} cannot add the rule for ${rule?.name ?? 'a system call'} (${code})`,
        code,
      );
    }
  }
}
