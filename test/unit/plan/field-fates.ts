import type { StepKind } from '../../../src/plan/step.ts';

/**
 * What becomes of each field of the configuration. `step`: another value gives another step of this kind; `at` is the
 * place in golden/everything.json where the test changes it. `consumer`: a file or folder of the runtime reads it.
 * `unsupported`: any value that asks for something is refused. `refused`: the specification gives no value a meaning.
 */
export type Fate =
  | { readonly step: StepKind; readonly value: unknown; readonly at?: string; readonly in?: string }
  | { readonly consumer: string; readonly named?: string }
  | { readonly unsupported: unknown; readonly at?: string }
  | { readonly refused: unknown };

const step = (kind: StepKind, value: unknown, at?: string): Fate =>
  at === undefined ? { step: kind, value } : { step: kind, value, at };
const consumer = (file: string, named?: string): Fate =>
  named === undefined ? { consumer: file } : { consumer: file, named };
const unsupported = (value: unknown, at?: string): Fate =>
  at === undefined ? { unsupported: value } : { unsupported: value, at };

const insideHook = (kind: string): Record<string, Fate> => ({
  [`/hooks/${kind}/*/path`]: step('runHook', '/other'),
  [`/hooks/${kind}/*/args/*`]: step('runHook', 'other'),
  [`/hooks/${kind}/*/env/*`]: step('runHook', 'X=y'),
  [`/hooks/${kind}/*/timeout`]: step('runHook', 99),
});

const outsideHook = (kind: string): Record<string, Fate> => ({
  [`/hooks/${kind}/*/path`]: consumer('src/lifecycle/hooks.ts'),
  [`/hooks/${kind}/*/args/*`]: consumer('src/lifecycle/hooks.ts', 'args'),
  [`/hooks/${kind}/*/env/*`]: consumer('src/lifecycle/hooks.ts', 'env'),
  [`/hooks/${kind}/*/timeout`]: consumer('src/lifecycle/hooks.ts'),
});

const mapping = (list: string): Record<string, Fate> =>
  Object.fromEntries(
    ['containerID', 'hostID', 'size'].map((field) => [
      `/linux/${list}/*/${field}`,
      { step: 'writeIdMappings', value: 7, in: 'user-namespace' },
    ]),
  );

const resource = (part: string, ...fields: readonly string[]): Record<string, Fate> =>
  Object.fromEntries(
    fields.map((field) => [
      `/linux/resources/${part}/${field}`,
      consumer('src/cgroups/resources', field.split('/').at(-1)),
    ]),
  );

const throttle = (list: string): Record<string, Fate> => ({
  [`/linux/resources/blockIO/${list}/*/major`]: consumer('src/cgroups/resources', list),
  [`/linux/resources/blockIO/${list}/*/minor`]: consumer('src/cgroups/resources', list),
  [`/linux/resources/blockIO/${list}/*/rate`]: consumer('src/cgroups/resources', list),
});

const seccomp = (...fields: readonly string[]): Record<string, Fate> =>
  Object.fromEntries(
    fields.map((field) => [
      `/linux/seccomp/${field}`,
      consumer('src/seccomp', field.replace(/\/\*$/, '').split('/').at(-1)),
    ]),
  );

const CREATE = 'src/lifecycle/create.ts';

export const FATES: Readonly<Record<string, Fate>> = {
  '/ociVersion': consumer(CREATE),
  '/root/path': consumer(CREATE, 'root.path'),
  '/root/readonly': step('readonlyRoot', false),

  '/process/args/*': step('execute', 'other'),
  '/process/consoleSize/height': step('openConsole', 99),
  '/process/consoleSize/width': step('openConsole', 99),
  '/process/cwd': step('changeDirectory', '/other'),
  '/process/env/*': step('execute', 'X=y', '/process/env/1'),
  '/process/terminal': step('openConsole', false),
  '/process/user/uid': step('setUser', 9),
  '/process/user/gid': step('setUser', 9),
  '/process/user/umask': step('setUser', 9),
  '/process/user/additionalGids/*': step('setUser', 9),
  '/process/capabilities/bounding/*': step(
    'boundCapabilities',
    'CAP_LEASE',
    '/process/capabilities/bounding/2',
  ),
  '/process/capabilities/permitted/*': step('setCapabilities', 'CAP_LEASE'),
  '/process/capabilities/effective/*': step('setCapabilities', 'CAP_CHOWN'),
  '/process/capabilities/inheritable/*': step('setCapabilities', 'CAP_NET_RAW'),
  '/process/capabilities/ambient/*': step('setCapabilities', 'CAP_KILL'),
  '/process/apparmorProfile': step('execLabel', 'other'),
  '/process/oomScoreAdj': step('oomScoreAdj', 9),
  '/process/selinuxLabel': step('execLabel', 'other'),
  '/process/ioPriority/class': step('ioPriority', 'IOPRIO_CLASS_IDLE'),
  '/process/ioPriority/priority': step('ioPriority', 7),
  '/process/noNewPrivileges': step('noNewPrivileges', false),
  '/process/scheduler/policy': unsupported({ policy: 'SCHED_BATCH' }, '/process/scheduler'),
  '/process/scheduler/nice': unsupported({ policy: 'SCHED_BATCH', nice: 1 }, '/process/scheduler'),
  '/process/scheduler/priority': unsupported(
    { policy: 'SCHED_RR', priority: 1 },
    '/process/scheduler',
  ),
  '/process/scheduler/flags/*': unsupported(
    { policy: 'SCHED_RR', flags: ['SCHED_FLAG_RESET_ON_FORK'] },
    '/process/scheduler',
  ),
  '/process/scheduler/runtime': unsupported(
    { policy: 'SCHED_DEADLINE', runtime: 1 },
    '/process/scheduler',
  ),
  '/process/scheduler/deadline': unsupported(
    { policy: 'SCHED_DEADLINE', deadline: 1 },
    '/process/scheduler',
  ),
  '/process/scheduler/period': unsupported(
    { policy: 'SCHED_DEADLINE', period: 1 },
    '/process/scheduler',
  ),
  '/process/rlimits/*/type': step('rlimit', 'RLIMIT_CORE'),
  '/process/rlimits/*/soft': step('rlimit', 99),
  '/process/rlimits/*/hard': step('rlimit', 9999),
  '/process/execCPUAffinity/initial': unsupported({ initial: '0' }, '/process/execCPUAffinity'),
  '/process/execCPUAffinity/final': unsupported({ final: '0' }, '/process/execCPUAffinity'),

  '/hostname': step('hostname', 'other'),
  '/domainname': step('domainname', 'other'),

  '/mounts/*/destination': step('mountFilesystem', '/other'),
  '/mounts/*/source': step('mountFilesystem', 'other'),
  '/mounts/*/type': step('mountFilesystem', 'tmpfs'),
  '/mounts/*/options/*': step('mountFilesystem', 'nodev'),
  ...Object.fromEntries(
    ['uidMappings', 'gidMappings'].flatMap((list) =>
      ['containerID', 'hostID', 'size'].map((field) => [
        `/mounts/*/${list}/*/${field}`,
        unsupported([{ containerID: 0, hostID: 1, size: 1 }], `/mounts/0/${list}`),
      ]),
    ),
  ),

  ...outsideHook('prestart'),
  ...outsideHook('createRuntime'),
  ...insideHook('createContainer'),
  ...insideHook('startContainer'),
  ...outsideHook('poststart'),
  ...outsideHook('poststop'),

  '/annotations/*': consumer(CREATE, 'annotations'),

  '/linux/devices/*/type': step('makeDevice', 'b'),
  '/linux/devices/*/path': step('makeDevice', '/dev/other'),
  '/linux/devices/*/fileMode': step('makeDevice', 0o600),
  '/linux/devices/*/major': step('makeDevice', 99),
  '/linux/devices/*/minor': step('makeDevice', 99),
  '/linux/devices/*/uid': step('makeDevice', 99),
  '/linux/devices/*/gid': step('makeDevice', 99),
  '/linux/netDevices/*/name': unsupported({ eth0: { name: 'a' } }, '/linux/netDevices'),
  ...mapping('uidMappings'),
  ...mapping('gidMappings'),
  '/linux/namespaces/*/type': step('forkInit', 'network'),
  '/linux/namespaces/*/path': step('openNamespace', '/other', '/linux/namespaces/2/path'),
  ...resource('devices/*', 'allow', 'type', 'major', 'minor', 'access'),
  ...resource('pids', 'limit'),
  ...resource('blockIO', 'weight', 'leafWeight'),
  ...resource('blockIO', 'weightDevice/*/major', 'weightDevice/*/minor'),
  ...resource('blockIO', 'weightDevice/*/weight', 'weightDevice/*/leafWeight'),
  ...throttle('throttleReadBpsDevice'),
  ...throttle('throttleWriteBpsDevice'),
  ...throttle('throttleReadIOPSDevice'),
  ...throttle('throttleWriteIOPSDevice'),
  ...resource('cpu', 'cpus', 'mems', 'period', 'quota', 'burst', 'realtimePeriod'),
  ...resource('cpu', 'realtimeRuntime', 'shares', 'idle'),
  ...resource('hugepageLimits/*', 'pageSize', 'limit'),
  ...resource('memory', 'kernel', 'kernelTCP', 'limit', 'reservation', 'swap', 'swappiness'),
  ...resource('memory', 'disableOOMKiller', 'useHierarchy', 'checkBeforeUpdate'),
  ...resource('network', 'classID', 'priorities/*/name', 'priorities/*/priority'),
  '/linux/resources/unified/*': unsupported({ 'memory.high': '1' }, '/linux/resources/unified'),
  '/linux/resources/rdma/*/hcaHandles': unsupported(
    { a: { hcaHandles: 1 } },
    '/linux/resources/rdma',
  ),
  '/linux/resources/rdma/*/hcaObjects': unsupported(
    { a: { hcaObjects: 1 } },
    '/linux/resources/rdma',
  ),
  '/linux/cgroupsPath': consumer(CREATE),
  '/linux/rootfsPropagation': step('finalPropagation', 'private'),
  ...seccomp('defaultAction', 'defaultErrnoRet', 'flags/*', 'architectures/*'),
  ...seccomp('listenerPath', 'listenerMetadata'),
  ...seccomp('syscalls/*/names/*', 'syscalls/*/action', 'syscalls/*/errnoRet'),
  ...seccomp('syscalls/*/args/*/index', 'syscalls/*/args/*/value'),
  ...seccomp('syscalls/*/args/*/valueTwo', 'syscalls/*/args/*/op'),
  '/linux/sysctl/*': step('sysctl', '9', '/linux/sysctl/kernel.msgmax'),
  '/linux/maskedPaths/*': step('maskPath', '/other'),
  '/linux/readonlyPaths/*': step('readonlyPath', '/other'),
  '/linux/mountLabel': step('mountFilesystem', 'other'),
  ...Object.fromEntries(
    ['closID', 'l3CacheSchema', 'memBwSchema', 'enableMonitoring', 'schemata/*'].map((field) => [
      `/linux/intelRdt/${field}`,
      unsupported({}, '/linux/intelRdt'),
    ]),
  ),
  '/linux/memoryPolicy/mode': unsupported({ mode: 'MPOL_LOCAL' }, '/linux/memoryPolicy'),
  '/linux/memoryPolicy/nodes': unsupported(
    { mode: 'MPOL_BIND', nodes: '0' },
    '/linux/memoryPolicy',
  ),
  '/linux/memoryPolicy/flags/*': unsupported(
    { mode: 'MPOL_BIND', flags: ['MPOL_F_STATIC_NODES'] },
    '/linux/memoryPolicy',
  ),
  '/linux/personality/domain': step('personality', 'LINUX'),
  '/linux/personality/flags/*': { refused: 'ADDR_NO_RANDOMIZE' },
  ...Object.fromEntries(
    ['monotonic', 'boottime'].flatMap((clock) => [
      [`/linux/timeOffsets/${clock}/secs`, step('timeOffsets', 99)],
      [`/linux/timeOffsets/${clock}/nanosecs`, step('timeOffsets', 99)],
    ]),
  ),
};
