import type { IdMapping, Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';

const { ok, missing, optional } = findingsOf('user ids');

/** Whether the ids of a new user namespace can be mapped, and who besides root could map some. */
export function checkUserIds(host: Host, spec: Spec | undefined): Finding[] {
  if (spec === undefined) return [checkSubordinate(host)];
  const makesUser = spec.linux?.namespaces?.some(({ type, path }) => type === 'user' && !path);
  if (!makesUser) return [];
  const findings = [
    ...checkMappings(host, 'uid', spec.linux?.uidMappings ?? []),
    ...checkMappings(host, 'gid', spec.linux?.gidMappings ?? []),
  ];
  return findings.length > 0 ? findings : [ok('mappings', 'all of their ids exist here')];
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
