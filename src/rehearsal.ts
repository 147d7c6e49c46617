import { encodeText } from './bytes.ts';
import { parseCgroupFacts } from './cgroups/facts.ts';
import { parseFlags } from './cli/flags.ts';
import { GLOBAL_FLAGS } from './cli/globals.ts';
import { type ContainerRecord, parseRecord, printRecord } from './lifecycle/record.ts';
import { hookState } from './lifecycle/state.ts';
import { compileCreate } from './plan/compile.ts';
import { encodePlan } from './plan/encode.ts';
import { keepPlan } from './plan/kept.ts';
import { defaultSpec } from './spec/default.ts';
import { parseSpec } from './spec/parse.ts';

/** Of no host: its lines have the form that those of a host have. */
const MOUNTS = `26 21 0:23 / /sys/fs/cgroup/unified rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate
27 21 0:24 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:5 - cgroup cgroup rw,cpu,cpuacct
`;
const OWN_CGROUPS = `4:cpu,cpuacct:/
0::/
`;

const RECORD: ContainerRecord = {
  version: 1,
  stage: 'created',
  id: 'a',
  bundle: '/a',
  rootfs: '/a/rootfs',
  ociVersion: '1.2.0',
  created: '2000-01-01T00:00:00.000000000Z',
  owner: 'root',
  annotations: {},
  pid: 2,
  startTime: '1',
  cgroup: { version: 1, paths: {}, parents: {}, claimed: true },
  terminal: false,
  hasProcess: true,
  sessionKeyring: true,
  hooks: {},
  rootless: false,
  ownsPidNamespace: true,
  hostMountId: 0,
};

/** Goes once through what `run` computes, with made-up input and without a system call; the results are dropped. */
export function rehearse(): void {
  parseFlags(GLOBAL_FLAGS, ['--root', '/a', 'run'], { command: 'runts', stopAtArgument: true });
  const { spec } = parseSpec(encodeText(JSON.stringify(defaultSpec())), 'config.json');
  parseCgroupFacts(MOUNTS, OWN_CGROUPS);
  const { plan } = compileCreate({
    spec,
    id: RECORD.id,
    bundle: RECORD.bundle,
    rootfs: RECORD.rootfs,
    facts: {
      euid: 0,
      capabilities: { bounding: (1n << 41n) - 1n, permitted: (1n << 41n) - 1n },
      lastCapability: 40,
      lsm: { apparmor: false, selinux: false },
      cgroupMounts: [{ name: 'cpu,cpuacct', aliases: ['cpu'], source: '/sys/fs/cgroup/cpu/a' }],
      cgroupEntrance: { tasks: 2, directory: true },
    },
    noPivot: false,
    noNewKeyring: false,
    preserveFds: 0,
    seccomp: undefined,
    hookState: () => ({ beforePid: '', afterPid: '' }),
  });
  keepPlan(plan, encodePlan(plan), () => 0);
  hookState(parseRecord(printRecord(RECORD), 'state.json'), 'running', RECORD.pid);
}
