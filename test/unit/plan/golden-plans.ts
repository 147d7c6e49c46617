import { readFileSync } from 'node:fs';
import { type Compiled, type CompileInput, compileCreate } from '../../../src/plan/compile.ts';
import type { HostFacts } from '../../../src/plan/facts.ts';
import { defaultSpec } from '../../../src/spec/default.ts';
import { parseSpec } from '../../../src/spec/parse.ts';
import type { Spec } from '../../../src/spec/types.ts';

export const ALL_CAPABILITIES = (1n << 41n) - 1n;

/** A host on which root may do everything, without a security module. */
export const PLAIN_HOST: HostFacts = {
  euid: 0,
  capabilities: { bounding: ALL_CAPABILITIES, permitted: ALL_CAPABILITIES },
  lastCapability: 40,
  lsm: { apparmor: false, selinux: false },
  cgroupEntrance: { tasks: 0, directory: false },
  cgroupMounts: [
    { name: 'memory', aliases: ['memory'], source: '/sys/fs/cgroup/memory/runts/c1' },
    {
      name: 'cpu,cpuacct',
      aliases: ['cpu', 'cpuacct'],
      source: '/sys/fs/cgroup/cpu,cpuacct/runts/c1',
    },
  ],
};

/** The input for a configuration, everything else as on the plain host. */
export function inputFor(spec: Spec, changes: Partial<CompileInput> = {}): CompileInput {
  return {
    spec,
    id: 'c1',
    bundle: '/bundle',
    rootfs: '/bundle/rootfs',
    facts: PLAIN_HOST,
    noPivot: false,
    noNewKeyring: false,
    preserveFds: 0,
    seccomp: spec.linux?.seccomp && { filter: new Uint8Array(16), flags: 2, notify: false },
    hookState: (phase) => ({ beforePid: `{"phase":"${phase}","pid":`, afterPid: '}' }),
    ...changes,
  };
}

/** A configuration of this folder, validated: the compiler is promised nothing less. */
export function readGolden(name: string): Spec {
  const path = new URL(`golden/${name}.json`, import.meta.url);
  return parseSpec(readFileSync(path), `${name}.json`).spec;
}

const LSM_HOST: HostFacts = {
  ...PLAIN_HOST,
  cgroupEntrance: { tasks: 2, directory: true },
  lsm: { apparmor: true, selinux: true },
};

const ORDINARY_USER: HostFacts = {
  ...PLAIN_HOST,
  euid: 1000,
  capabilities: { ...PLAIN_HOST.capabilities, permitted: 0n },
};

/** The plans whose print is kept, by name. */
export const GOLDEN_PLANS: Readonly<Record<string, () => Compiled>> = {
  minimal: () => compileCreate(inputFor(readGolden('minimal'))),
  'no-process': () => compileCreate(inputFor(readGolden('no-process'))),
  default: () =>
    compileCreate(
      inputFor(defaultSpec(), {
        facts: { ...PLAIN_HOST, cgroupEntrance: { tasks: 2, directory: true } },
      }),
    ),
  rootless: () =>
    compileCreate(
      inputFor(defaultSpec({ rootless: { uid: 1000, gid: 1000 } }), { facts: ORDINARY_USER }),
    ),
  'user-namespace': () => compileCreate(inputFor(readGolden('user-namespace'))),
  joined: () => compileCreate(inputFor(readGolden('joined'), { rootfs: '/srv/rootfs' })),
  privileged: () =>
    compileCreate(inputFor(readGolden('privileged'), { noPivot: true, noNewKeyring: true })),
  everything: () =>
    compileCreate(inputFor(readGolden('everything'), { facts: LSM_HOST, preserveFds: 2 })),
};
