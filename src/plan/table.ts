/**
 * The table of steps: the one place where a step's name, actor, fields, widths and sub-steps are declared.
 *
 * From it come the TypeScript types (`step.ts`), the encoder (`encode.ts`), the C++ structures and decoder
 * (`addon/init/generated/`), the printer (`print.ts`) and the reference in `docs/STEPS.md`. A change here
 * changes the table's hash, and a helper built from another table refuses the plan.
 *
 * Field widths: `u32`, `i32`, `u64`; `flag` is a u32 that is 0 or 1; `slot` is the number of a descriptor that
 * the runtime passes with the plan; `text` and `path` are strings without NUL; `texts` and `u32s` are lists;
 * `bytes` is raw data. A path named `target` lies inside the container's root and is resolved by the helper.
 */
export const FIELD_WIDTHS = [
  'u32',
  'i32',
  'u64',
  'flag',
  'slot',
  'text',
  'path',
  'texts',
  'u32s',
  'bytes',
] as const;
export type FieldWidth = (typeof FIELD_WIDTHS)[number];

/** Who does a step: the runtime (TypeScript), the outer helper, or init in the container's namespaces. */
export type Actor = 'runtime' | 'outer' | 'init';

export interface StepDefinition {
  readonly actor: Actor;
  /** One sentence for the reference: what the step does, and the man page or clause it follows. */
  readonly doc: string;
  readonly fields: Readonly<Record<string, FieldWidth>>;
  /** What can fail inside the step, in the order in which it is done. */
  readonly subSteps: readonly string[];
}

export const STEP_TABLE = {
  enterCgroup: {
    actor: 'runtime',
    doc: 'Makes the cgroup of the container and moves the outer helper into it, so that init is born there (cgroups(7)).',
    fields: { pid: 'flag' },
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
  record: {
    actor: 'runtime',
    doc: 'Saves the state of the container and writes the pid file; until then init ends when the runtime ends.',
    fields: {},
    subSteps: [],
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
  timeOffsets: {
    actor: 'outer',
    doc: 'Makes a new time namespace for the children and sets the offsets of its clocks (time_namespaces(7)).',
    fields: { offsets: 'text' },
    subSteps: ['unshare', 'open', 'write'],
  },
  forkInit: {
    actor: 'outer',
    doc: 'Makes init in all new namespaces at once, as a child of the runtime, and hands its pid and pidfd over (clone(2)).',
    fields: { flags: 'u64' },
    subSteps: ['clone', 'report'],
  },

  barrier: {
    actor: 'init',
    doc: 'Tells the runtime that this point is reached and waits until the runtime has done its own steps; end of file ends init.',
    fields: { stage: 'u32' },
    subSteps: ['tell', 'wait'],
  },
  becomeRoot: {
    actor: 'init',
    doc: 'Becomes uid 0 and gid 0 of the user namespace, with all its capabilities (user_namespaces(7)).',
    fields: {},
    subSteps: ['setgid', 'setuid'],
  },
  newSession: {
    actor: 'init',
    doc: 'Starts a session of its own (setsid(2)).',
    fields: {},
    subSteps: ['setsid'],
  },
  loopbackUp: {
    actor: 'init',
    doc: 'Brings the loopback device of a new network namespace up (netdevice(7)).',
    fields: {},
    subSteps: ['socket', 'up'],
  },
  hostname: {
    actor: 'init',
    doc: 'Sets the host name of the uts namespace (sethostname(2)).',
    fields: { name: 'text' },
    subSteps: ['set'],
  },
  domainname: {
    actor: 'init',
    doc: 'Sets the NIS domain name of the uts namespace (setdomainname(2)).',
    fields: { name: 'text' },
    subSteps: ['set'],
  },
  sysctl: {
    actor: 'init',
    doc: 'Writes a kernel parameter of the new namespaces below /proc/sys, on a descriptor checked to be on procfs.',
    fields: { path: 'path', value: 'text' },
    subSteps: ['open', 'check', 'write'],
  },
  rootPropagation: {
    actor: 'init',
    doc: 'Sets the propagation of every mount of the new mount namespace, so that nothing below leaks out (mount_namespaces(7)).',
    fields: { propagation: 'u64' },
    subSteps: ['set'],
  },
  openRoot: {
    actor: 'init',
    doc: 'Makes the rootfs a mount of its own and keeps the descriptor from which every path inside is resolved.',
    fields: { path: 'path', privateParent: 'flag' },
    subSteps: ['open', 'check', 'clone', 'private', 'attach'],
  },
  openRootOnly: {
    actor: 'init',
    doc: 'Keeps a descriptor of the rootfs where there is no mount namespace to make it a mount in.',
    fields: { path: 'path' },
    subSteps: ['open', 'check'],
  },
  makeDirectory: {
    actor: 'init',
    doc: 'Makes a directory inside the rootfs with its missing parents; a rootfs that cannot be written is left alone.',
    fields: { target: 'path', mode: 'u32' },
    subSteps: ['make'],
  },
  mountFilesystem: {
    actor: 'init',
    doc: 'Configures a file system, mounts it detached and attaches it to its target (fsopen(2), fsconfig(2), fsmount(2), move_mount(2)).',
    fields: {
      target: 'path',
      type: 'text',
      source: 'text',
      options: 'texts',
      attributes: 'u64',
      propagation: 'u64',
      copyUp: 'flag',
      strictTarget: 'flag',
    },
    subSteps: [
      'target',
      'type',
      'source',
      'option',
      'create',
      'mount',
      'copyUp',
      'attach',
      'propagation',
    ],
  },
  mountBind: {
    actor: 'init',
    doc: 'Binds a file or directory of the host, with its attributes set before anybody can see it (open_tree(2), mount_setattr(2)).',
    fields: {
      target: 'path',
      source: 'path',
      recursive: 'flag',
      set: 'u64',
      clear: 'u64',
      recursiveSet: 'u64',
      recursiveClear: 'u64',
      propagation: 'u64',
      recursivePropagation: 'flag',
      procTarget: 'flag',
    },
    subSteps: [
      'source',
      'clone',
      'target',
      'attributes',
      'recursiveAttributes',
      'attach',
      'propagation',
    ],
  },
  changeMount: {
    actor: 'init',
    doc: 'Changes the attributes and the propagation of a mount that is there already (mount_setattr(2)).',
    fields: { target: 'path', recursive: 'flag', set: 'u64', clear: 'u64', propagation: 'u64' },
    subSteps: ['target', 'attributes'],
  },
  reconfigure: {
    actor: 'init',
    doc: 'Changes the options of a mounted file system (fspick(2), fsconfig(2)).',
    fields: { target: 'path', options: 'texts', set: 'u64', clear: 'u64' },
    subSteps: ['target', 'pick', 'option', 'reconfigure', 'attributes'],
  },
  makeDevice: {
    actor: 'init',
    doc: 'Makes a device node with its mode and owner; one that is there already must be the same device (mknod(2)).',
    fields: {
      target: 'path',
      mode: 'u32',
      major: 'u32',
      minor: 'u32',
      uid: 'u32',
      gid: 'u32',
      ownerGiven: 'flag',
    },
    subSteps: ['parent', 'make', 'check', 'mode', 'owner'],
  },
  bindDevice: {
    actor: 'init',
    doc: 'Binds a device of the host where a user namespace forbids making it; it must be the device asked for.',
    fields: { target: 'path', source: 'path', type: 'u32', major: 'u32', minor: 'u32' },
    subSteps: ['source', 'check', 'clone', 'target', 'attach'],
  },
  symlink: {
    actor: 'init',
    doc: 'Makes a symbolic link; one that is there already must say the same (symlink(2)).',
    fields: { target: 'path', content: 'path', replace: 'flag' },
    subSteps: ['parent', 'make', 'check'],
  },
  openConsole: {
    actor: 'init',
    doc: 'Opens a terminal in the container’s devpts, binds it to /dev/console, makes it the controlling terminal and sends the master to the runtime (pty(7)).',
    fields: { rows: 'u32', columns: 'u32', bindConsole: 'flag' },
    subSteps: [
      'open',
      'check',
      'unlock',
      'peer',
      'size',
      'clone',
      'target',
      'attach',
      'control',
      'stdio',
      'send',
    ],
  },
  runHook: {
    actor: 'init',
    doc: 'Runs one hook inside the container’s namespaces, the state on its standard input with the pid that the container sees; its failure or its timeout is an error (config.md, POSIX-platform Hooks).',
    fields: {
      path: 'path',
      args: 'texts',
      env: 'texts',
      timeoutMs: 'u32',
      stateBeforePid: 'text',
      stateAfterPid: 'text',
    },
    subSteps: ['pipe', 'fork', 'exec', 'state', 'wait', 'timeout', 'status'],
  },
  maskPath: {
    actor: 'init',
    doc: 'Hides a file behind /dev/null or a directory behind an empty read-only tmpfs; a missing one is left alone (config-linux.md, Masked Paths).',
    fields: { target: 'path', context: 'text' },
    subSteps: ['open', 'inspect', 'null', 'mount', 'attach'],
  },
  readonlyPath: {
    actor: 'init',
    doc: 'Makes a path read-only by a read-only bind on itself; a missing one is left alone (config-linux.md, Readonly Paths).',
    fields: { target: 'path' },
    subSteps: ['open', 'clone', 'attributes', 'attach'],
  },
  readonlyRoot: {
    actor: 'init',
    doc: 'Makes the mount of the root read-only (mount_setattr(2)).',
    fields: {},
    subSteps: ['attributes'],
  },
  pivotRoot: {
    actor: 'init',
    doc: 'Makes the rootfs the root of the mount namespace and detaches the old one (pivot_root(2)).',
    fields: {},
    subSteps: ['enter', 'pivot', 'detach', 'chdir'],
  },
  moveRoot: {
    actor: 'init',
    doc: 'Moves the rootfs over the root and enters it, for an initial ramdisk where pivot_root cannot work (mount(2), chroot(2)).',
    fields: {},
    subSteps: ['enter', 'move', 'chroot', 'chdir'],
  },
  chrootOnly: {
    actor: 'init',
    doc: 'Enters the rootfs without a mount namespace (chroot(2)).',
    fields: {},
    subSteps: ['enter', 'chroot', 'chdir'],
  },
  finalPropagation: {
    actor: 'init',
    doc: 'Sets the propagation of the container’s root (config-linux.md, Rootfs Mount Propagation).',
    fields: { propagation: 'u64', recursive: 'flag' },
    subSteps: ['set'],
  },
  sessionKeyring: {
    actor: 'init',
    doc: 'Joins a new session keyring, so that the keys of the caller stay outside (keyctl(2)).',
    fields: { name: 'text' },
    subSteps: ['join'],
  },
  ioPriority: {
    actor: 'init',
    doc: 'Sets the I/O priority of the process (ioprio_set(2)).',
    fields: { value: 'u32' },
    subSteps: ['set'],
  },
  rlimit: {
    actor: 'init',
    doc: 'Sets a resource limit (setrlimit(2)).',
    fields: { resource: 'u32', soft: 'u64', hard: 'u64' },
    subSteps: ['set'],
  },
  boundCapabilities: {
    actor: 'init',
    doc: 'Drops every capability outside the bounding set (capabilities(7)).',
    fields: { bounding: 'u64' },
    subSteps: ['drop'],
  },
  ownStdio: {
    actor: 'init',
    doc: 'Gives standard input, output and error to the user of the process, so that /dev/stdout can be opened again.',
    fields: { uid: 'u32' },
    subSteps: ['inspect', 'chown'],
  },
  changeDirectory: {
    actor: 'init',
    doc: 'Enters the working directory; one that root may not enter is tried again as the user (chdir(2)).',
    fields: { path: 'path' },
    subSteps: ['chdir'],
  },
  setUser: {
    actor: 'init',
    doc: 'Takes the groups, gid, uid and umask of the process, keeping capabilities for the step that sets them (setgroups(2), setresuid(2)).',
    fields: { uid: 'u32', gid: 'u32', groups: 'u32s', setGroups: 'flag', umask: 'u32' },
    subSteps: ['keepCaps', 'groups', 'gid', 'uid', 'dumpable'],
  },
  checkDirectory: {
    actor: 'init',
    doc: 'Enters the working directory if root could not, and checks that it lies inside the container’s root (CVE-2024-21626).',
    fields: { path: 'path' },
    subSteps: ['chdir', 'check'],
  },
  setCapabilities: {
    actor: 'init',
    doc: 'Sets the effective, permitted, inheritable and ambient sets (capset(2), capabilities(7)).',
    fields: { effective: 'u64', permitted: 'u64', inheritable: 'u64', ambient: 'u64' },
    subSteps: ['clearAmbient', 'set', 'raiseAmbient'],
  },
  noNewPrivileges: {
    actor: 'init',
    doc: 'Sets no_new_privs (prctl(2)).',
    fields: {},
    subSteps: ['set'],
  },
  personality: {
    actor: 'init',
    doc: 'Sets the execution domain (personality(2)).',
    fields: { persona: 'u32' },
    subSteps: ['set'],
  },
  findExecutable: {
    actor: 'init',
    doc: 'Finds the program in the PATH of the process, as the user of the process, and checks that it may be executed.',
    fields: { file: 'path', search: 'texts' },
    subSteps: ['find'],
  },
  waitForStart: {
    actor: 'init',
    doc: 'Waits on the start socket until `start` says go; from here on reports go to whoever started the container.',
    fields: { gate: 'slot' },
    subSteps: ['accept', 'go'],
  },
  placeDescriptors: {
    actor: 'init',
    doc: 'Puts the descriptors asked for at 3 and up and makes every other one close on exec (close_range(2)).',
    fields: { slots: 'u32s' },
    subSteps: ['place', 'close'],
  },
  execLabel: {
    actor: 'init',
    doc: 'Sets the LSM label of the program to be executed, on a descriptor checked to be on procfs (proc(5)).',
    fields: { attribute: 'path', label: 'text' },
    subSteps: ['open', 'check', 'write'],
  },
  seccomp: {
    actor: 'init',
    doc: 'Loads the system call filter (seccomp(2)); `notify` hands the listener to the runtime.',
    fields: { flags: 'u32', filter: 'bytes', notify: 'flag' },
    subSteps: ['load', 'send'],
  },
  homeDirectory: {
    actor: 'init',
    doc: 'Takes HOME from the container’s /etc/passwd for a process whose environment has none (environ(7)).',
    fields: { uid: 'u32' },
    subSteps: ['read'],
  },
  announce: {
    actor: 'init',
    doc: 'Says that the program is about to be executed: end of file after this, and only after this, means that it runs.',
    fields: {},
    subSteps: ['tell'],
  },
  execute: {
    actor: 'init',
    doc: 'Executes the program that findExecutable found (execve(2)).',
    fields: { args: 'texts', env: 'texts' },
    subSteps: ['exec'],
  },
} as const satisfies Record<string, StepDefinition>;

/** The points at which init waits for the runtime, in the order in which they can occur. */
export const STAGES = ['registered', 'mounted', 'ready'] as const;
export type Stage = (typeof STAGES)[number];
