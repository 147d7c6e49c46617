import { readSpec } from '../spec/read.ts';
import { checkCgroups } from './check/cgroups.ts';
import { checkFiles } from './check/files.ts';
import { type Finding, TOPICS } from './check/finding.ts';
import type { Host } from './check/host.ts';
import { checkKernel } from './check/kernel.ts';
import { checkNamespaces } from './check/namespaces.ts';
import { checkOthers, checkRamdisk } from './check/others.ts';
import { checkRights } from './check/rights.ts';
import { checkSecurity } from './check/security.ts';
import { checkUserIds } from './check/user-ids.ts';

export type { Finding, Verdict } from './check/finding.ts';
export { type Host, thisHost } from './check/host.ts';

export interface CheckOptions {
  /** Absolute path of a bundle; without one the host is checked in general. */
  readonly bundle?: string | undefined;
  /** Absolute path of the directory with the state of containers. */
  readonly root: string;
  /** Whether `create` will be told so. */
  readonly noPivot: boolean;
}

/**
 * Looks what a bundle, or containers in general, would miss on a host. It changes nothing and tries nothing.
 *
 * @returns what was looked for, sorted by topic
 * @throws RuntimeError, SpecError: a configuration that `create` would refuse anywhere
 */
export async function checkHost(
  host: Host,
  { bundle, root, noPivot }: CheckOptions,
): Promise<Finding[]> {
  const spec = bundle === undefined ? undefined : readSpec(bundle).spec;
  const findings = [
    ...checkKernel(host),
    ...checkRights(host, root, spec),
    ...checkNamespaces(host, spec),
    ...checkCgroups(host, spec),
    ...(await checkSecurity(host, spec)),
    ...checkUserIds(host, bundle ?? '', spec),
    ...checkRamdisk(host, noPivot),
    ...(bundle === undefined || spec === undefined ? [] : checkFiles(host, bundle, spec)),
    ...checkOthers(host, spec),
  ];
  return TOPICS.flatMap((topic) => findings.filter((finding) => finding.topic === topic));
}
