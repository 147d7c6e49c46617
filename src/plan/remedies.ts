import type { HelperKind } from './step.ts';
import type { STEP_TABLE } from './table.ts';

type SubStep<K extends HelperKind> = (typeof STEP_TABLE)[K]['subSteps'][number];
type Remedies = {
  readonly [K in HelperKind]?: {
    readonly [S in SubStep<K>]?: Readonly<Record<string, string>>;
  };
};

const NOT_A_MOUNT = 'nothing is mounted there';
const KINDS_MEET = 'a directory is mounted on a directory, a file on a file';
// Engines look for "not a directory"; move_mount(2) says EINVAL where mount(2) said ENOTDIR.
const TARGET_IS_FILE = 'the target is not a directory';
const ONE_IS_FILE = 'either the source or the target is not a directory, and the other one is';
const TOO_MANY_MOUNTS = 'the mount namespace is full: see /proc/sys/fs/mount-max';
const UNMAPPED = 'the id has no mapping in the user namespace';
const READ_ONLY_ROOTFS = 'it is missing, and the rootfs cannot be written: make it in the rootfs';
const ENDED = 'its first process has just ended';
const NOT_MINE = 'takes CAP_SYS_ADMIN in the user namespace that owns it';
const OWN_NAMESPACES =
  'in a user namespace, proc takes a pid namespace of the container’s own, and a /proc outside that nothing is mounted over; sysfs takes a network namespace, mqueue an ipc namespace';
const NOT_EXECUTABLE = 'it needs an x bit for the user of the process, on a mount without noexec';
const TERMINAL = 'a terminal takes a mount of type devpts on /dev/pts';

/**
 * What an errno usually means at one sub-step, and what helps: only where that is more than the errno's own words.
 * The keys are step kind, sub-step, errno.
 */
export const REMEDIES: Remedies = {
  joinCgroup: {
    join: {
      ENOSPC: 'its cpuset has no processors or memory nodes: set cpuset.cpus and cpuset.mems',
      ENODEV: 'the cgroup was just removed',
    },
  },
  oomScoreAdj: { write: { EACCES: 'a score below that of the runtime takes CAP_SYS_RESOURCE' } },
  raiseRlimit: {
    set: { EPERM: 'takes CAP_SYS_RESOURCE; NOFILE ends at /proc/sys/fs/nr_open' },
  },
  openNamespace: {
    open: { ENOENT: 'the process that it belonged to may have ended' },
    check: { EINVAL: 'it is a namespace of another kind', ENOTTY: 'it is no namespace' },
  },
  enterNamespace: {
    enter: { EPERM: NOT_MINE, EINVAL: 'the runtime may be in this user namespace already' },
  },
  enterNamespaces: {
    enter: { ESRCH: ENDED, EPERM: NOT_MINE },
  },
  enterCgroupNamespace: {
    enter: { ESRCH: ENDED, EPERM: NOT_MINE },
  },
  timeOffsets: {
    unshare: {
      EINVAL: 'this kernel has no time namespaces (CONFIG_TIME_NS, Linux 5.6)',
      EPERM: 'takes CAP_SYS_ADMIN outside of the new user namespace',
    },
    write: { ERANGE: 'the clock would show a time before 0 or after 146 years' },
  },
  forkInit: {
    clone: {
      EPERM: 'takes CAP_SYS_ADMIN, or a user namespace among those that are made',
      EINVAL: 'this kernel lacks a kind of namespace among those that are made',
      ENOSPC: 'too many namespaces: see /proc/sys/user',
      EAGAIN: 'too many processes: see pids.max of the cgroup and RLIMIT_NPROC',
    },
  },
  becomeRoot: { setgid: { EINVAL: UNMAPPED }, setuid: { EINVAL: UNMAPPED } },
  hostname: { set: { EPERM: NOT_MINE } },
  domainname: { set: { EPERM: NOT_MINE } },
  sysctl: {
    open: {
      ENOENT: 'this kernel has no such parameter in this namespace',
      EACCES: 'the parameter cannot be written from this user namespace',
    },
    write: { EINVAL: 'the value is out of range, or not what the parameter takes' },
  },
  openRoot: {
    open: {
      ENOENT: 'there must be a directory',
      EACCES: 'the container’s root user needs search permission on every directory above it',
    },
    clone: { EINVAL: 'it must not lie on an unbindable mount' },
    attach: { ENOSPC: TOO_MANY_MOUNTS },
  },
  makeDirectory: { make: { ENOTDIR: 'a file is in the way', EEXIST: 'a file is in the way' } },
  mountFilesystem: {
    target: {
      ENOTDIR: 'a file is in the way: a file system is mounted on a directory',
      ELOOP: 'the target must not be a symbolic link',
      EROFS: READ_ONLY_ROOTFS,
    },
    type: {
      ENODEV: 'this kernel does not know the file system; is its module loaded?',
      EPERM: OWN_NAMESPACES,
    },
    option: {
      EINVAL: 'the file system does not know the option or its value',
      ENOENT: 'a path in an option must exist on the host',
      E2BIG: 'an option may have at most 255 bytes',
    },
    create: {
      EINVAL: 'wrong file-system type or bad option',
      ENOTBLK: 'the source must be a block device',
      ENOENT: 'the source must exist on the host',
      EBUSY: 'the source is in use or mounted with other options',
      EROFS: 'the source is write-protected: add ro',
      EPERM: OWN_NAMESPACES,
    },
    mount: { EPERM: OWN_NAMESPACES },
    copyUp: { ENOSPC: 'the tmpfs is too small for what is there: give it a larger size' },
    attach: { ENOTDIR: KINDS_MEET, EINVAL: TARGET_IS_FILE, ENOSPC: TOO_MANY_MOUNTS },
  },
  cloneSource: {
    open: { ENOENT: 'the source must exist on the host' },
    clone: { EINVAL: 'the source lies on an unbindable mount' },
  },
  mountBind: {
    source: {
      ENOENT: 'the source must exist on the host',
      EACCES: 'the container’s root user needs search permission on every directory above it',
    },
    clone: {
      EINVAL:
        'the source lies on an unbindable mount, or has mounts below it that a user namespace may only take with rbind',
    },
    target: {
      ENOTDIR: 'a file is in the way',
      ELOOP: 'the target must not be a symbolic link',
      EROFS: READ_ONLY_ROOTFS,
    },
    attributes: {
      EPERM: 'a user namespace cannot take away what the mount had outside of it',
      EINVAL: 'this kernel does not know one of the attributes',
    },
    recursiveAttributes: {
      EPERM: 'a user namespace cannot take away what the mount had outside of it',
      EINVAL: 'this kernel does not know one of the attributes',
    },
    attach: { ENOTDIR: KINDS_MEET, EINVAL: ONE_IS_FILE, ENOSPC: TOO_MANY_MOUNTS },
  },
  changeMount: {
    target: { ENOENT: NOT_A_MOUNT },
    attributes: {
      EINVAL: NOT_A_MOUNT,
      EPERM: 'a user namespace cannot take away what the mount had outside of it',
    },
  },
  reconfigure: {
    target: { ENOENT: NOT_A_MOUNT },
    pick: { EINVAL: NOT_A_MOUNT },
    option: { EINVAL: 'the file system does not know the option or its value' },
    reconfigure: { EBUSY: 'files are open for writing', EPERM: NOT_MINE },
    attributes: { EINVAL: NOT_A_MOUNT },
  },
  makeDevice: {
    make: { EPERM: 'takes CAP_MKNOD, and the access m in the devices of the runtime’s cgroup' },
    check: { EEXIST: 'something else is there already' },
  },
  bindDevice: {
    source: { ENOENT: 'the host has no such device' },
    check: { ENODEV: 'the host has another device there' },
    attach: { ENOTDIR: KINDS_MEET, EINVAL: ONE_IS_FILE, ENOSPC: TOO_MANY_MOUNTS },
  },
  symlink: { check: { EEXIST: 'something else is there already' } },
  openConsole: {
    open: { ENOENT: TERMINAL, ELOOP: TERMINAL },
    check: { ENODEV: TERMINAL },
    peer: { EIO: TERMINAL },
    send: { EPIPE: 'the runtime that made the container has ended' },
  },
  runHook: {
    exec: {
      ENOENT: 'it and its interpreter must be there as the container’s mount namespace sees them',
      EACCES: 'it must be a file that may be executed',
      ENOEXEC: 'a script begins with #! and its interpreter',
    },
    fork: { EAGAIN: 'too many processes: see pids.max of the cgroup and RLIMIT_NPROC' },
  },
  maskPath: { attach: { ENOSPC: TOO_MANY_MOUNTS } },
  readonlyPath: { attach: { ENOSPC: TOO_MANY_MOUNTS } },
  pivotRoot: {
    pivot: {
      EINVAL: 'a root on an initial ramdisk cannot be left: try --no-pivot',
    },
  },
  sessionKeyring: {
    join: {
      EDQUOT: 'the quota of keys is used up: see /proc/sys/kernel/keys, or use --no-new-keyring',
    },
  },
  ioPriority: { set: { EPERM: 'the class IOPRIO_CLASS_RT takes CAP_SYS_NICE' } },
  rlimit: {
    set: {
      EPERM: 'a higher hard limit takes CAP_SYS_RESOURCE; NOFILE ends at /proc/sys/fs/nr_open',
      EINVAL: 'the soft limit must not be above the hard limit',
    },
  },
  boundCapabilities: { drop: { EPERM: 'takes CAP_SETPCAP' } },
  changeDirectory: {
    chdir: {
      ENOENT: 'it must be in the container’s root file system',
      ENOTDIR: 'it must be a directory',
    },
  },
  setUser: {
    groups: { EPERM: 'the user namespace denies it', EINVAL: UNMAPPED },
    gid: { EINVAL: UNMAPPED, EPERM: 'takes CAP_SETGID' },
    uid: { EINVAL: UNMAPPED, EPERM: 'takes CAP_SETUID', EAGAIN: 'RLIMIT_NPROC is too low' },
  },
  checkDirectory: {
    chdir: { EACCES: 'neither root nor the user of the process may enter it' },
    check: {
      EPERM: 'it lies outside of the container’s root',
      ENOENT: 'it lies outside of the container’s root',
    },
  },
  setCapabilities: {
    set: { EPERM: 'the runtime itself does not have all of them' },
    raiseAmbient: { EPERM: 'an ambient capability must be permitted and inheritable' },
  },
  findExecutable: {
    find: {
      ENOENT: 'it must be in the container’s root file system',
      EACCES: NOT_EXECUTABLE,
      EISDIR: 'name a program in it',
      ENOTDIR: 'a part of its path is a file',
    },
  },
  placeDescriptors: { place: { EBADF: 'RLIMIT_NOFILE is too low for them' } },
  execLabel: {
    open: { ENOENT: 'the security module is not enabled' },
    write: {
      ENOENT: 'the profile is not loaded',
      EINVAL: 'the policy does not know the label',
      EACCES: 'the policy does not allow this change',
    },
  },
  seccomp: {
    load: {
      EACCES: 'takes process.noNewPrivileges or CAP_SYS_ADMIN',
      EINVAL: 'this kernel does not take the filter or one of its flags',
      EBUSY: 'a process can have one listener only',
      ENOMEM: 'the filters of the process are too large together',
    },
  },
  execute: {
    exec: {
      ENOENT: 'it is gone, or its interpreter (after #!, or its dynamic loader) is missing',
      EACCES: `${NOT_EXECUTABLE}; and so does its interpreter`,
      ENOEXEC: 'built for another machine, or a script without #! in its first line',
      ETXTBSY: 'somebody has it open for writing',
      E2BIG: 'the arguments and the environment are too long together',
    },
  },
};
