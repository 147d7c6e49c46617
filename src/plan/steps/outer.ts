import type { StepDefinition } from '../table.ts';

/** What the outer helper does with the rights of the host, before there is an init. */
export const OUTER_STEPS = {
  joinCgroup: {
    actor: 'outer',
    doc: 'Joins the cgroup in every v1 hierarchy. A process of a single thread that moves itself is spared the wait for all processors that moving another one costs (cgroups(7)).',
    fields: { slots: 'u32s' },
    subSteps: ['join'],
  },
  oomScoreAdj: {
    actor: 'outer',
    doc: 'Writes oom_score_adj of the process (proc(5)), before a user namespace takes the right away.',
    fields: { value: 'i32' },
    subSteps: ['open', 'write'],
  },
  raiseRlimit: {
    actor: 'outer',
    doc: 'Raises a hard limit before a user namespace takes the right away (getrlimit(2)).',
    fields: { resource: 'u32', hard: 'u64' },
    subSteps: ['get', 'set'],
  },
  cloneSource: {
    actor: 'outer',
    doc: 'Takes the source of a bind mount while the rights of the host are there: whom a user namespace makes root need not be able to reach it (open_tree(2)).',
    fields: { slot: 'slot', path: 'path', recursive: 'flag', propagation: 'u64' },
    subSteps: ['open', 'clone', 'propagation'],
  },
  openNamespace: {
    actor: 'outer',
    doc: 'Opens an existing namespace by its path and checks that it is of the kind asked for (ioctl_ns(2)).',
    fields: { slot: 'slot', nsType: 'u32', path: 'path' },
    subSteps: ['open', 'check'],
  },
  enterNamespace: {
    actor: 'outer',
    doc: 'Enters the namespace that a slot holds; all are opened before the first is entered, because a path means something else afterwards (setns(2)).',
    fields: { slot: 'slot', nsType: 'u32' },
    subSteps: ['enter'],
  },
  enterNamespaces: {
    actor: 'outer',
    doc: 'Enters namespaces of the process whose pidfd a slot holds, all at once and with the rights of before (setns(2)). What the host has is let go, but for its procfs where that is still needed.',
    fields: { process: 'slot', types: 'u64', keepProcfs: 'flag' },
    subSteps: ['enter', 'dumpable'],
  },
  timeOffsets: {
    actor: 'outer',
    doc: 'Makes a new time namespace for the children and sets the offsets of its clocks (time_namespaces(7)).',
    fields: { offsets: 'text' },
    subSteps: ['unshare', 'open', 'write'],
  },
  forkInit: {
    actor: 'outer',
    doc: 'Makes init in all new namespaces and in the v2 cgroup at once, as a child of the runtime, and hands its pid and pidfd over (clone(2)).',
    fields: { flags: 'u64', cgroup: 'slot' },
    subSteps: ['clone', 'report'],
  },
} as const satisfies Record<string, StepDefinition>;
