import type { HelperKind } from './step.ts';
import type { STEP_TABLE } from './table.ts';

type Table = typeof STEP_TABLE;

interface Phrase<K extends HelperKind> {
  /** What was tried, `{field}` standing for a field of the step. */
  readonly tried: string;
  /** What part of it a sub-step is; empty where the phrase says it already. */
  readonly parts: Readonly<Record<Table[K]['subSteps'][number], string>>;
}

/** How every step and sub-step is called in a message for people. */
export const PHRASES: { readonly [K in HelperKind]: Phrase<K> } = {
  joinCgroup: { tried: 'join the cgroup', parts: { join: '' } },
  oomScoreAdj: { tried: 'set oom_score_adj to {value}', parts: { open: 'open it', write: '' } },
  raiseRlimit: {
    tried: 'raise the hard limit {resource} to {hard}',
    parts: { get: 'read it', set: '' },
  },
  openNamespace: {
    tried: 'open the {nsType} namespace {path}',
    parts: { open: '', check: 'check its kind' },
  },
  enterNamespace: { tried: 'enter the {nsType} namespace', parts: { enter: '' } },
  enterNamespaces: {
    tried: 'enter the namespaces of the container',
    parts: { enter: '', dumpable: 'forbid tracing' },
  },
  timeOffsets: {
    tried: 'make a time namespace',
    parts: { unshare: '', open: 'open its offsets', write: 'set its offsets' },
  },
  forkInit: {
    tried: 'make the process in its namespaces',
    parts: { clone: '', report: 'report the pid of init' },
  },
  barrier: {
    tried: 'wait for the runtime at the barrier {stage}',
    parts: { tell: 'tell that it is reached', wait: '' },
  },
  enterCgroupNamespace: {
    tried: 'enter the cgroup namespace of the container',
    parts: { enter: '', dumpable: 'forbid tracing' },
  },
  becomeRoot: {
    tried: 'become root of the user namespace',
    parts: { setgid: 'set the gid', setuid: 'set the uid', dumpable: 'forbid tracing' },
  },
  newSession: { tried: 'start a session', parts: { setsid: '' } },
  loopbackUp: {
    tried: 'bring the loopback device up',
    parts: { socket: 'open a socket', up: '' },
  },
  hostname: { tried: 'set the host name to {name}', parts: { set: '' } },
  domainname: { tried: 'set the domain name to {name}', parts: { set: '' } },
  sysctl: {
    tried: 'set the kernel parameter {path}',
    parts: { open: 'open it', check: 'check that it is on procfs', write: '' },
  },
  rootPropagation: { tried: 'set the propagation of the mounts', parts: { set: '' } },
  openRoot: {
    tried: 'open the rootfs {path}',
    parts: {
      open: '',
      check: 'check it',
      clone: 'bind it on itself',
      private: 'make its parent private',
      attach: 'attach it',
    },
  },
  useRoot: { tried: 'open the root of the container', parts: { open: '' } },
  makeDirectory: { tried: 'make the directory {target}', parts: { make: '' } },
  mountFilesystem: {
    tried: 'mount {type} on {target}',
    parts: {
      target: 'open the target',
      type: '',
      source: 'take the source {source}',
      option: '',
      create: '',
      mount: '',
      propagation: 'set its propagation',
      copyUp: 'copy the content of the target up',
      attach: 'attach it',
    },
  },
  cloneSource: {
    tried: 'bind {path}',
    parts: {
      open: 'open the source',
      clone: 'take the source',
      propagation: 'set its propagation',
    },
  },
  mountBind: {
    tried: 'bind {source} on {target}',
    parts: {
      source: 'open the source',
      clone: 'take the source',
      target: 'open the target',
      attributes: 'set its attributes',
      recursiveAttributes: 'set its attributes recursively',
      propagation: 'set its propagation',
      attach: 'attach it',
    },
  },
  changeMount: {
    tried: 'change the mount on {target}',
    parts: { target: 'open it', attributes: '' },
  },
  reconfigure: {
    tried: 'remount {target}',
    parts: {
      target: 'open it',
      pick: '',
      option: '',
      reconfigure: '',
      attributes: 'set its attributes',
    },
  },
  makeDevice: {
    tried: 'make the device {target}',
    parts: {
      parent: 'open its directory',
      make: '',
      check: 'check it',
      mode: 'set its mode',
      owner: 'set its owner',
    },
  },
  bindDevice: {
    tried: 'bind the device {source} on {target}',
    parts: {
      source: 'open the source',
      check: 'check the source',
      clone: 'take the source',
      target: 'open the target',
      attach: 'attach it',
    },
  },
  symlink: {
    tried: 'make the link {target} to {content}',
    parts: { parent: 'open its directory', make: '', check: 'check what is there' },
  },
  openConsole: {
    tried: 'open a terminal',
    parts: {
      open: 'open /dev/pts/ptmx',
      check: 'check that /dev/pts is a devpts',
      unlock: 'unlock it',
      peer: 'open its other end',
      size: 'set its size',
      clone: 'take it for /dev/console',
      target: 'open /dev/console',
      attach: 'attach it to /dev/console',
      control: 'make it the controlling terminal',
      stdio: 'make it the standard streams',
      send: 'send it to the runtime',
    },
  },
  runHook: {
    tried: 'run the hook {path}',
    parts: {
      pipe: 'make a pipe',
      fork: 'make a process',
      exec: '',
      state: 'write the state',
      wait: 'wait for it',
      timeout: '',
      status: '',
    },
  },
  maskPath: {
    tried: 'mask {target}',
    parts: {
      open: 'open it',
      inspect: 'inspect it',
      null: 'open /dev/null of the host',
      mount: 'make the mask',
      attach: 'attach the mask',
    },
  },
  readonlyPath: {
    tried: 'make {target} read-only',
    parts: {
      open: 'open it',
      clone: 'bind it on itself',
      attributes: '',
      attach: 'attach it',
    },
  },
  readonlyRoot: { tried: 'make the root read-only', parts: { attributes: '' } },
  pivotRoot: {
    tried: 'make the rootfs the root',
    parts: {
      enter: 'enter it',
      pivot: 'pivot_root',
      detach: 'detach the old root',
      chdir: 'enter the new root',
    },
  },
  moveRoot: {
    tried: 'make the rootfs the root',
    parts: {
      enter: 'enter it',
      move: 'move it',
      chroot: 'chroot',
      chdir: 'enter the new root',
    },
  },
  chrootOnly: {
    tried: 'make the rootfs the root',
    parts: { enter: 'enter it', chroot: 'chroot', chdir: 'enter the new root' },
  },
  finalPropagation: { tried: 'set the propagation of the root', parts: { set: '' } },
  sessionKeyring: {
    tried: 'join the session keyring {name}',
    parts: { join: '', share: 'let the container find it' },
  },
  ioPriority: { tried: 'set the I/O priority', parts: { set: '' } },
  rlimit: { tried: 'set the limit {resource} to {soft} and {hard}', parts: { set: '' } },
  boundCapabilities: { tried: 'drop capabilities from the bounding set', parts: { drop: '' } },
  ownStdio: {
    tried: 'give the standard streams to uid {uid}',
    parts: { inspect: 'inspect them', chown: '' },
  },
  changeDirectory: { tried: 'enter the working directory {path}', parts: { chdir: '' } },
  setUser: {
    tried: 'become uid {uid}, gid {gid}',
    parts: {
      keepCaps: 'keep the capabilities',
      groups: 'set the groups',
      gid: 'set the gid',
      uid: 'set the uid',
      dumpable: 'forbid tracing',
    },
  },
  checkDirectory: {
    tried: 'enter the working directory {path}',
    parts: { chdir: '', check: 'check that it lies inside the root' },
  },
  setCapabilities: {
    tried: 'set the capabilities',
    parts: {
      clearAmbient: 'clear the ambient set',
      set: '',
      raiseAmbient: 'raise the ambient set',
    },
  },
  noNewPrivileges: { tried: 'set no_new_privs', parts: { set: '' } },
  personality: { tried: 'set the execution domain', parts: { set: '' } },
  findExecutable: { tried: 'find {file}', parts: { find: '' } },
  waitForStart: {
    tried: 'wait for start',
    parts: { accept: 'accept a connection', go: 'take the order' },
  },
  placeDescriptors: {
    tried: 'pass descriptors on',
    parts: { place: '', close: 'close the others' },
  },
  execLabel: {
    tried: 'set the label of the program ({label})',
    parts: { open: 'open {attribute}', check: 'check that it is on procfs', write: '' },
  },
  seccomp: {
    tried: 'load the seccomp filter',
    parts: { load: '', send: 'send its listener to the runtime' },
  },
  homeDirectory: { tried: 'find the home of uid {uid} in /etc/passwd', parts: { read: '' } },
  announce: { tried: 'say that the program is about to run', parts: { tell: '' } },
  execute: { tried: 'execute the program', parts: { exec: '' } },
};
