import type { StepDefinition } from '../table.ts';

/** What the runtime does itself, between barriers. */
export const RUNTIME_STEPS = {
  makeCgroup: {
    actor: 'runtime',
    doc: 'Makes the cgroup of the container and opens what a process needs to join it (cgroups(7)).',
    fields: {},
    subSteps: [],
  },
  writeIdMappings: {
    actor: 'runtime',
    doc: 'Writes uid_map and gid_map of the new user namespace (user_namespaces(7)).',
    fields: { uidMap: 'text', gidMap: 'text' },
    subSteps: [],
  },
  applyResources: {
    actor: 'runtime',
    doc: 'Writes the limits of linux.resources to the cgroup (config-linux.md, Control groups).',
    fields: {},
    subSteps: [],
  },
  runtimeHooks: {
    actor: 'runtime',
    doc: 'Runs the hooks of one phase in the namespaces of the runtime (config.md, POSIX-platform Hooks).',
    fields: { phase: 'text', count: 'u32' },
    subSteps: [],
  },
  writePid: {
    actor: 'runtime',
    doc: 'Writes the pid of the process to the file that the caller has asked for.',
    fields: { path: 'path' },
    subSteps: [],
  },
  record: {
    actor: 'runtime',
    doc: 'Saves the state of the container and writes the pid file; until then init ends when the runtime ends.',
    fields: {},
    subSteps: [],
  },
} as const satisfies Record<string, StepDefinition>;
