import type { Failure } from './failure.ts';
import type { Spec } from './types.ts';

/** Options of a mount that need mappings of its own. */
const ID_MAPPED = ['idmap', 'ridmap'];

/**
 * Finds what the specification allows and this runtime does not do yet. It is an error, so that nothing is dropped
 * silently. What asks for nothing (an empty map or list) is let through.
 *
 * @param spec that fits the schema
 */
export function findUnsupported({ process, mounts = [], linux = {} }: Spec): Failure[] {
  const failures: Failure[] = [];
  refuse('/process/scheduler', process?.scheduler, 'a scheduling policy');
  refuse('/process/execCPUAffinity', process?.execCPUAffinity, 'a CPU affinity');
  mounts.forEach(({ uidMappings, gidMappings, options = [] }, index) => {
    refuse(`/mounts/${index}/uidMappings`, uidMappings, 'an id-mapped mount');
    refuse(`/mounts/${index}/gidMappings`, gidMappings, 'an id-mapped mount');
    options.forEach((option, at) => {
      if (ID_MAPPED.includes(option)) {
        add(`/mounts/${index}/options/${at}`, `the option ${option}`);
      }
    });
  });
  refuse('/linux/netDevices', linux.netDevices, 'a network device');
  // An empty object asks for a class of the container's own.
  if (linux.intelRdt !== undefined) add('/linux/intelRdt', 'resource director technology');
  refuse('/linux/memoryPolicy', linux.memoryPolicy, 'a memory policy');
  refuse('/linux/resources/unified', linux.resources?.unified, 'a setting of cgroup v2');
  refuse('/linux/resources/rdma', linux.resources?.rdma, 'a limit for RDMA');
  return failures;

  function refuse(pointer: string, value: object | undefined, what: string): void {
    if (value !== undefined && Object.keys(value).length > 0) add(pointer, what);
  }

  function add(pointer: string, what: string): void {
    failures.push({
      pointer,
      detail: `${what} is valid, but not supported yet`,
      by: 'unsupported',
    });
  }
}
