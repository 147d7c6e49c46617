/**
 * What runtime-spec 1.3.0 demands of a runtime on Linux (MUST, REQUIRED, SHALL), clause by clause, in our own words.
 * Each clause is proven by the tests that name it; where none does, the reason stands in its place.
 */

export type Document = 'runtime.md' | 'runtime-linux.md' | 'config.md' | 'config-linux.md';

export interface Clause {
  readonly document: Document;
  readonly section: string;
  readonly claim: string;
  /** Why no test of a container proves it. */
  readonly untested?: string;
}

type Entry = readonly [section: string, claim: string, untested?: string];

const PROVEN_BY_VALIDATION = 'a rule for configurations: test/unit/spec holds the validator to it';
const UNSUPPORTED = 'not built yet, and refused by its pointer: test/unit/spec/unsupported.test.ts';

const RUNTIME = {
  'scope.same-container': [
    'Scope of a Container',
    'whoever created a container can use every operation on it',
  ],
  'state.version': ['State', 'the state names the version of the specification'],
  'state.id': ['State', 'the state has the id'],
  'state.status': ['State', 'the status is created, running or stopped, as the process is'],
  'state.other-status': [
    'State',
    'a status beyond those stands for a state beyond those',
    'the one such status, paused, comes with pause and resume',
  ],
  'state.pid': ['State', 'created and running containers have a pid, which is that of the process'],
  'state.bundle': ['State', 'the state has the absolute path of the bundle'],
  'state.annotations': ['State', 'annotations are a map'],
  'state.schema': ['State', 'the printed state has the types of the state schema'],
  'lifecycle.environment-error': ['Lifecycle', 'an environment that can not be made is an error'],
  'lifecycle.not-run-at-create': [
    'Lifecycle',
    'create makes the resources and does not run the program',
  ],
  'lifecycle.later-changes': ['Lifecycle', 'changes of config.json after create have no effect'],
  'lifecycle.prestart': [
    'Lifecycle',
    'prestart hooks run; a failing one is an error and ends the container',
  ],
  'lifecycle.create-runtime': [
    'Lifecycle',
    'createRuntime hooks run; a failing one is an error and ends the container',
  ],
  'lifecycle.create-container': [
    'Lifecycle',
    'createContainer hooks run; a failing one is an error and ends the container',
  ],
  'lifecycle.start-container': [
    'Lifecycle',
    'startContainer hooks run; a failing one is an error and ends the container',
  ],
  'lifecycle.run-program': ['Lifecycle', 'start runs the program'],
  'lifecycle.poststart': [
    'Lifecycle',
    'poststart hooks run; a failing one is an error and ends the container',
  ],
  'lifecycle.destroy': ['Lifecycle', 'delete undoes what create did'],
  'lifecycle.poststop': [
    'Lifecycle',
    'poststop hooks run; a failing one is a warning, and the others still run',
  ],
  'errors.no-trace': [
    'Errors',
    'an operation that fails leaves everything as if it had not been tried',
  ],
  'warnings.continue': ['Warnings', 'a warning does not change what happens'],
  'operations.all': ['Operations', 'state, create, start, kill and delete are there'],
  'state.no-id': ['Query State', 'without an id it is an error'],
  'state.unknown': ['Query State', 'of a container that does not exist it is an error'],
  'state.returns': ['Query State', 'it returns the state'],
  'create.no-id': ['Create', 'without an id or a bundle it is an error'],
  'create.taken-id': ['Create', 'an id that is taken is an error, and no container is made'],
  'create.bad-id': ['Create', 'an id that is not valid is an error, and no container is made'],
  'create.creates': ['Create', 'it makes a new container'],
  'create.applies': ['Create', 'all properties but process are applied'],
  'create.not-args': ['Create', 'process.args is not applied before start'],
  'create.can-not-apply': [
    'Create',
    'a property that can not be applied is an error, and no container is made',
  ],
  'start.no-id': ['Start', 'without an id it is an error'],
  'start.not-created': [
    'Start',
    'of a container that is not created it is an error without an effect',
  ],
  'start.runs': ['Start', 'it runs the program of process'],
  'start.no-process': ['Start', 'without process it is an error'],
  'kill.no-id': ['Kill', 'without an id it is an error'],
  'kill.stopped': [
    'Kill',
    'to a container that is neither created nor running it is an error without an effect',
  ],
  'kill.sends': ['Kill', 'it sends the signal to the process of the container'],
  'delete.no-id': ['Delete', 'without an id it is an error'],
  'delete.not-stopped': [
    'Delete',
    'of a container that is not stopped it is an error without an effect',
  ],
  'delete.resources': ['Delete', 'it deletes what create made'],
  'delete.foreign': ['Delete', 'it deletes nothing that create did not make'],
} as const satisfies Record<string, Entry>;

const RUNTIME_LINUX = {
  'descriptors.three': [
    'File descriptors',
    'the program gets stdin, stdout and stderr, and no other descriptor',
  ],
  'links.dev': [
    'Dev symbolic links',
    '/dev/fd, stdin, stdout and stderr are links into /proc/self/fd',
  ],
} as const satisfies Record<string, Entry>;

const CONFIG = {
  'version.semver': ['Specification version', 'ociVersion is a semantic version'],
  'root.required': ['Root', 'root is there', PROVEN_BY_VALIDATION],
  'root.windows': ['Root', 'root on Windows and for Hyper-V', 'not Linux'],
  'root.path': ['Root', 'root.path is absolute, or relative to the bundle'],
  'root.directory': ['Root', 'a directory is at root.path'],
  'root.readonly': ['Root', 'with readonly the root can not be written to'],
  'mounts.order': ['Mounts', 'mounts are made in the listed order'],
  'mounts.relative': ['Mounts', 'a relative destination is relative to /'],
  'mounts.windows': ['Mounts', 'destinations on Windows, Solaris and elsewhere', 'not Linux'],
  'mounts.type-of-bind': ['Mounts', 'bind or rbind makes a bind mount, whatever the type'],
  'option.async': ['Linux mount options', 'async'],
  'option.atime': ['Linux mount options', 'atime'],
  'option.bind': ['Linux mount options', 'bind'],
  'option.defaults': ['Linux mount options', 'defaults'],
  'option.dev': ['Linux mount options', 'dev'],
  'option.diratime': ['Linux mount options', 'diratime'],
  'option.dirsync': ['Linux mount options', 'dirsync'],
  'option.exec': ['Linux mount options', 'exec'],
  'option.iversion': ['Linux mount options', 'iversion'],
  'option.lazytime': ['Linux mount options', 'lazytime'],
  'option.loud': ['Linux mount options', 'loud'],
  'option.noatime': ['Linux mount options', 'noatime'],
  'option.nodev': ['Linux mount options', 'nodev'],
  'option.nodiratime': ['Linux mount options', 'nodiratime'],
  'option.noexec': ['Linux mount options', 'noexec'],
  'option.noiversion': ['Linux mount options', 'noiversion'],
  'option.nolazytime': ['Linux mount options', 'nolazytime'],
  'option.norelatime': ['Linux mount options', 'norelatime'],
  'option.nostrictatime': ['Linux mount options', 'nostrictatime'],
  'option.nosuid': ['Linux mount options', 'nosuid'],
  'option.private': ['Linux mount options', 'private'],
  'option.rbind': ['Linux mount options', 'rbind'],
  'option.relatime': ['Linux mount options', 'relatime'],
  'option.remount': ['Linux mount options', 'remount'],
  'option.ro': ['Linux mount options', 'ro'],
  'option.rprivate': ['Linux mount options', 'rprivate'],
  'option.rshared': ['Linux mount options', 'rshared'],
  'option.rslave': ['Linux mount options', 'rslave'],
  'option.runbindable': ['Linux mount options', 'runbindable'],
  'option.rw': ['Linux mount options', 'rw'],
  'option.shared': ['Linux mount options', 'shared'],
  'option.silent': ['Linux mount options', 'silent'],
  'option.slave': ['Linux mount options', 'slave'],
  'option.strictatime': ['Linux mount options', 'strictatime'],
  'option.suid': ['Linux mount options', 'suid'],
  'option.sync': ['Linux mount options', 'sync'],
  'option.unbindable': ['Linux mount options', 'unbindable'],
  'option.idmap': ['Linux mount options', 'idmap and ridmap map ids', UNSUPPORTED],
  'option.idmap-without': [
    'Linux mount options',
    'idmap without mappings and without a user namespace is an error',
  ],
  'mounts.both-mappings': [
    'POSIX-platform Mounts',
    'uidMappings and gidMappings come together',
    UNSUPPORTED,
  ],
  'process.required': ['Process', 'process is needed for start'],
  'process.console-size': ['Process', 'consoleSize is ignored without a terminal'],
  'process.cwd': ['Process', 'cwd is absolute, and is the working directory'],
  'process.args': ['Process', 'args has an entry, which is looked for as execvp(3) does'],
  'process.command-line': ['Process', 'commandLine', 'not Linux'],
  'rlimits.unknown': ['POSIX process', 'a limit that the kernel does not know is an error'],
  'rlimits.set': [
    'POSIX process',
    'getrlimit gives the soft and the hard limit of the configuration',
  ],
  'rlimits.twice': ['POSIX process', 'a limit that is listed twice is an error'],
  'capabilities.unknown': [
    'Linux Process',
    'a capability that does not exist or can not be granted is a warning',
  ],
  'oom.set': ['Linux Process', 'oomScoreAdj is set'],
  'oom.unset': ['Linux Process', 'without oomScoreAdj the value is not changed'],
  'scheduler.policy': ['Linux Process', 'scheduler.policy is there', UNSUPPORTED],
  'io-priority': ['Linux Process', 'ioPriority has a class and a priority'],
  'user.ids': ['POSIX-platform User', 'uid and gid are those of the process, in the container'],
  'platform.windows': ['Platform-specific configuration', 'windows is set on Windows', 'not Linux'],
  'hooks.path': ['POSIX-platform Hooks', 'the path of a hook is absolute'],
  'hooks.timeout': ['POSIX-platform Hooks', 'timeout is greater than zero'],
  'hooks.order': ['POSIX-platform Hooks', 'hooks run in the listed order'],
  'hooks.stdin': ['POSIX-platform Hooks', 'every hook gets the state on stdin'],
  'prestart.when': [
    'Prestart',
    'prestart hooks run in create, after the namespaces are made, before pivot_root, before createRuntime',
  ],
  'prestart.where': [
    'Prestart',
    'their path is found, and they run, in the namespaces of the runtime',
  ],
  'create-runtime.when': [
    'CreateRuntime Hooks',
    'createRuntime hooks run in create, before pivot_root',
  ],
  'create-runtime.where': [
    'CreateRuntime Hooks',
    'their path is found, and they run, in the namespaces of the runtime',
  ],
  'create-container.when': [
    'CreateContainer Hooks',
    'createContainer hooks run in create, after createRuntime, before pivot_root',
  ],
  'create-container.where': [
    'CreateContainer Hooks',
    'their path is found on the host, and they run in the namespaces of the container',
  ],
  'start-container.when': [
    'StartContainer Hooks',
    'startContainer hooks run in start, before the program',
  ],
  'start-container.where': [
    'StartContainer Hooks',
    'their path is found, and they run, in the container',
  ],
  'poststart.when': [
    'Poststart',
    'poststart hooks run after the program is executed and before start returns',
  ],
  'poststart.where': [
    'Poststart',
    'their path is found, and they run, in the namespaces of the runtime',
  ],
  'poststop.when': [
    'Poststop',
    'poststop hooks run after the container is deleted and before delete returns',
  ],
  'poststop.where': [
    'Poststop',
    'their path is found, and they run, in the namespaces of the runtime',
  ],
  'annotations.map': ['Annotations', 'annotations map names, which are not empty, to strings'],
  'annotations.reserved': [
    'Annotations',
    'names below org.opencontainers are used as described',
    'a rule for those who write configurations',
  ],
  'annotations.unknown': ['Annotations', 'unknown annotations are like unknown properties'],
  'extensibility.unknown': ['Extensibility', 'unknown properties are ignored'],
  'valid.values': ['Valid values', 'an invalid or unsupported value is an error'],
} as const satisfies Record<string, Entry>;

const CONFIG_LINUX = {
  'namespaces.absolute': ['Namespaces', 'the path of a namespace is absolute'],
  'namespaces.joined': ['Namespaces', 'the process is in the namespace of the path'],
  'namespaces.wrong-type': ['Namespaces', 'a path of another type of namespace is an error'],
  'namespaces.new': ['Namespaces', 'without a path the namespace is new'],
  'namespaces.inherited': ['Namespaces', 'a type that is not listed is inherited from the runtime'],
  'namespaces.twice': ['Namespaces', 'a type that is listed twice is an error'],
  'mappings.entries': ['User namespace mappings', 'the mappings are those of the configuration'],
  'devices.available': [
    'Devices',
    'the listed devices are there, with type, numbers, mode and owner',
  ],
  'devices.mismatch': ['Devices', 'a file of another kind in the place of a device is an error'],
  'devices.numbers': [
    'Devices',
    'major and minor are there, unless it is a fifo',
    PROVEN_BY_VALIDATION,
  ],
  'devices.default': ['Default Devices', 'null, zero, full, random, urandom and tty are there'],
  'devices.ptmx': ['Default Devices', 'ptmx is that of the container'],
  'devices.console': ['Default Devices', 'console is the terminal, if there is one'],
  'net-devices': [
    'Network Devices',
    'devices are moved with their addresses, brought up, and left to the namespace',
    UNSUPPORTED,
  ],
  'cgroups.unfit': ['Control groups', 'a cgroup that is found unfit is an error'],
  'cgroups.absolute': [
    'Cgroups Path',
    'an absolute path is relative to the mount point of the hierarchy',
  ],
  'cgroups.same-place': ['Cgroups Path', 'the same path leads to the same place'],
  'cgroups.relative': ['Cgroups Path', 'the path may be relative'],
  'cgroups.invalid': ['Cgroups Path', 'a path that is taken for invalid is an error'],
  'cgroups.owner': [
    'Cgroup ownership',
    'a delegated cgroup has the listed files handed over',
    'cgroup v2 only',
  ],
  'allowed-devices.order': ['Allowed Device list', 'the entries are applied in their order'],
  'memory.check': [
    'Memory',
    'checkBeforeUpdate refuses a limit below the use',
    'comes with update, on cgroup v2',
  ],
  'cpu.burst': ['CPU', 'burst is not larger than quota'],
  'block-io.numbers': ['Block IO', 'devices have their numbers and rates', PROVEN_BY_VALIDATION],
  'block-io.weight': ['Block IO', 'an entry has a weight or a leaf weight'],
  'hugepages.entries': [
    'Huge page limits',
    'an entry has a page size and a limit',
    PROVEN_BY_VALIDATION,
  ],
  'network.entries': ['Network', 'an entry has a name and a priority', PROVEN_BY_VALIDATION],
  'rdma.entries': ['RDMA', 'an entry has handles or objects', UNSUPPORTED],
  unified: [
    'Unified',
    'controllers are enabled, files written, and what is not there is an error',
    UNSUPPORTED,
  ],
  'cgroup-conversion': [
    'Unified',
    'a version 1 setting that can not be converted is an error',
    'cgroup v2 only',
  ],
  'intel-rdt.none': ['IntelRdt', 'intelRdt without resctrl is an error'],
  'intel-rdt': ['IntelRdt', 'classes, schemata and monitoring groups', UNSUPPORTED],
  'memory-policy': ['Memory policy', 'a policy has a mode', UNSUPPORTED],
  'seccomp.default-errno': ['Seccomp', 'defaultErrnoRet with an action that has none is an error'],
  'seccomp.errno': ['Seccomp', 'errnoRet with an action that has none is an error'],
  'seccomp.listener-type': ['Seccomp', 'the listener is a stream socket'],
  'seccomp.one-state': [
    'Seccomp',
    'exactly one state is sent over a connection, which is then closed',
  ],
  'seccomp.listener-error': ['Seccomp', 'a state that can not be sent is an error'],
  'seccomp.metadata': ['Seccomp', 'listenerMetadata comes with listenerPath'],
  'seccomp.names': ['Seccomp', 'a rule names a system call'],
  'seccomp.rules': ['Seccomp', 'actions, arguments and operators are applied'],
  'seccomp.state': [
    'The Container Process State',
    'it is sent as JSON, the descriptor of the filter with it',
  ],
  'seccomp.state-fields': [
    'The Container Process State',
    'it has the version, the names of the descriptors, the pid, the metadata and the state',
  ],
  'masked.absolute': ['Masked Paths', 'the paths are absolute, and can not be read'],
  'readonly.absolute': ['Readonly Paths', 'the paths are absolute, and can not be written to'],
  'personality.domain': ['Personality', 'the domain is set'],
} as const satisfies Record<string, Entry>;

export type ClauseId =
  | keyof typeof RUNTIME
  | keyof typeof RUNTIME_LINUX
  | keyof typeof CONFIG
  | keyof typeof CONFIG_LINUX;

/** All clauses, by name. */
export const CLAUSES: ReadonlyMap<ClauseId, Clause> = new Map([
  ...entries('runtime.md', RUNTIME),
  ...entries('runtime-linux.md', RUNTIME_LINUX),
  ...entries('config.md', CONFIG),
  ...entries('config-linux.md', CONFIG_LINUX),
]);

function entries<Id extends ClauseId>(
  document: Document,
  list: Readonly<Record<Id, Entry>>,
): [ClauseId, Clause][] {
  return (Object.entries(list) as [Id, Entry][]).map(([id, [section, claim, untested]]) => [
    id,
    { document, section, claim, ...(untested === undefined ? {} : { untested }) },
  ]);
}
