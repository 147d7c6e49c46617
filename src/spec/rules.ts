import type { Failure } from './failure.ts';
import { deviceModes, deviceNumbers, uniqueDevices } from './rules/devices.ts';
import { mappingRanges, mappingsAndNamespace } from './rules/mappings.ts';
import { bindSource, mountDestination } from './rules/mounts.ts';
import { hostNames, timeOffsets, uniqueNamespaces } from './rules/namespaces.ts';
import { absolutePaths, cgroupsPath, rootPath } from './rules/paths.ts';
import {
  consoleSize,
  environment,
  ioPriority,
  noPersonalityFlags,
  oomScoreAdj,
  programName,
} from './rules/process.ts';
import { blockIo, cpu, deviceRules, memory, networkPriorities } from './rules/resources.ts';
import { rlimits } from './rules/rlimits.ts';
import type { Report, Rule } from './rules/rule.ts';
import {
  noNotifyByDefault,
  seccompArguments,
  seccompErrnos,
  seccompListener,
} from './rules/seccomp.ts';
import { sysctl } from './rules/sysctl.ts';
import { annotationNames, type Escapes, noNul } from './rules/text.ts';
import { legalIds, mappedIds, umask } from './rules/user.ts';
import { ociVersion } from './rules/version.ts';
import type { Spec } from './types.ts';

const RULES: readonly Rule[] = [
  ociVersion,
  rootPath,
  absolutePaths,
  programName,
  environment,
  consoleSize,
  legalIds,
  umask,
  rlimits,
  oomScoreAdj,
  ioPriority,
  noPersonalityFlags,
  mountDestination,
  bindSource,
  annotationNames,
  uniqueNamespaces,
  hostNames,
  timeOffsets,
  mappingsAndNamespace,
  mappingRanges,
  mappedIds,
];

/**
 * What the specification and the kernel demand beyond the schema.
 *
 * @param spec of the right shape
 * @param document that it was read from
 * @returns every failure, none if all is well
 */
export function findRuleFailures(spec: Spec, document: Escapes): Failure[] {
  const failures: Failure[] = [];
  const report = (pointer: string, detail: string): void => {
    failures.push({ pointer, detail, by: 'rule' });
  };
  for (const rule of RULES) rule(spec, report);
  checkSections(spec, report);
  noNul(spec, document, report);
  return failures;
}

/** Rules of what few configurations have: each is called where that is there. */
function checkSections(spec: Spec, report: Report): void {
  const { devices, seccomp, resources } = spec.linux ?? {};
  if (devices !== undefined) {
    deviceNumbers(devices, report);
    deviceModes(devices, report);
    uniqueDevices(devices, report);
  }
  if (spec.linux?.sysctl !== undefined) sysctl(spec, report);
  if (seccomp !== undefined) {
    noNotifyByDefault(seccomp, report);
    seccompErrnos(seccomp, report);
    seccompArguments(seccomp, report);
    seccompListener(seccomp, report);
  }
  cgroupsPath(spec, report);
  if (resources?.devices !== undefined) deviceRules(resources.devices, report);
  if (resources?.memory !== undefined) memory(resources.memory, report);
  if (resources?.cpu !== undefined) cpu(resources.cpu, report);
  if (resources?.blockIO !== undefined) blockIo(resources.blockIO, report);
  if (resources?.network !== undefined) networkPriorities(resources.network, report);
}
