import type { IdMapping } from '../types.ts';
import { namespaceOf } from './namespaces.ts';
import { expected, HIGHEST_ID, type Report, type Rule } from './rule.ts';

const LISTS = ['uidMappings', 'gidMappings'] as const;

/** user_namespaces(7), "User and group ID mappings". */
const LINE_LIMIT = 340;

/**
 * Mappings are for a user namespace, and a new one without any would have no user that anything can run as. With a
 * joined one they are harmless: Podman writes a line of them there, and warnings.ts tells that it is ignored.
 */
export const mappingsAndNamespace: Rule = (spec, report) => {
  const namespace = namespaceOf(spec, 'user');
  for (const list of LISTS) {
    const lines = spec.linux?.[list]?.length ?? 0;
    if (lines > 0 && namespace === undefined) {
      report(
        `/linux/${list}`,
        'expected a namespace of type "user" in /linux/namespaces, got none',
      );
    } else if (lines === 0 && namespace?.path === '') {
      report(
        namespace.pointer,
        `expected entries in /linux/${list} for a new user namespace, got none`,
      );
    }
  }
};

/** What the kernel refuses with EINVAL, told by entry. */
export const mappingRanges: Rule = ({ linux = {} }, report) => {
  for (const list of LISTS) checkRanges(`/linux/${list}`, linux[list] ?? [], report);
};

function checkRanges(pointer: string, lines: readonly IdMapping[], report: Report): void {
  if (lines.length > LINE_LIMIT) {
    report(pointer, `expected at most ${LINE_LIMIT} entries, got ${lines.length}`);
    return;
  }
  for (const [index, line] of lines.entries()) {
    if (line.size === 0) {
      report(`${pointer}/${index}/size`, expected('an integer from 1 up', line.size));
    }
    for (const side of ['containerID', 'hostID'] as const) {
      const place = `${pointer}/${index}/${side}`;
      const last = line[side] + line.size - 1;
      if (last > HIGHEST_ID) {
        report(place, expected(`a range that ends at ${HIGHEST_ID} or before`, last));
      }
      const other = lines.findIndex((before, at) => at < index && overlap(before, line, side));
      if (other >= 0) {
        report(place, `expected a range of its own, got one that overlaps ${pointer}/${other}`);
      }
    }
  }
}

function overlap(a: IdMapping, b: IdMapping, side: 'containerID' | 'hostID'): boolean {
  return a[side] < b[side] + b.size && b[side] < a[side] + a.size;
}
