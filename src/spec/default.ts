import type { Linux, Mount, Namespace, Spec } from './types.ts';
import { SPEC_VERSION } from './version.ts';

export interface DefaultSpecOptions {
  /** The ordinary user who will run the container; left out for root. */
  readonly rootless?: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * The configuration that `runts spec` writes: a shell in a root file system that is only read, on a terminal, with
 * three capabilities and no way to more.
 *
 * @param options.rootless makes it one that this user can run without privileges: a user namespace in which the
 *   user is root, the host's network and /sys, and no limits, which need a cgroup of one's own
 */
export function defaultSpec({ rootless }: DefaultSpecOptions = {}): Spec {
  const capabilities = ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];
  return {
    ociVersion: SPEC_VERSION,
    process: {
      terminal: true,
      user: { uid: 0, gid: 0 },
      args: ['sh'],
      env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm'],
      cwd: '/',
      capabilities: {
        bounding: [...capabilities],
        effective: [...capabilities],
        permitted: [...capabilities],
      },
      rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1024, soft: 1024 }],
      noNewPrivileges: true,
    },
    root: { path: 'rootfs', readonly: true },
    hostname: 'runts',
    mounts: mounts(rootless !== undefined),
    linux: linux(rootless),
  };
}

function linux(rootless: DefaultSpecOptions['rootless']): Linux {
  const restricted = {
    maskedPaths: [
      '/proc/acpi',
      '/proc/asound',
      '/proc/kcore',
      '/proc/keys',
      '/proc/latency_stats',
      '/proc/timer_list',
      '/proc/timer_stats',
      '/proc/sched_debug',
      '/proc/scsi',
      '/sys/firmware',
      '/sys/devices/virtual/powercap',
    ],
    readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
  };
  if (rootless === undefined) {
    return {
      resources: { devices: [{ allow: false, access: 'rwm' }] },
      namespaces: namespaces('pid', 'network', 'ipc', 'uts', 'mount', 'cgroup'),
      ...restricted,
    };
  }
  return {
    uidMappings: [{ containerID: 0, hostID: rootless.uid, size: 1 }],
    gidMappings: [{ containerID: 0, hostID: rootless.gid, size: 1 }],
    namespaces: namespaces('pid', 'ipc', 'uts', 'mount', 'cgroup', 'user'),
    ...restricted,
  };
}

function namespaces(...types: Namespace['type'][]): Namespace[] {
  return types.map((type) => ({ type }));
}

function mounts(rootless: boolean): Mount[] {
  // Group 5 is tty nearly everywhere; one's own user namespace maps no such group.
  const ttyGroup = rootless ? [] : ['gid=5'];
  return [
    { destination: '/proc', type: 'proc', source: 'proc' },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', ...ttyGroup],
    },
    {
      destination: '/dev/shm',
      type: 'tmpfs',
      source: 'shm',
      options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
    },
    {
      destination: '/dev/mqueue',
      type: 'mqueue',
      source: 'mqueue',
      options: ['nosuid', 'noexec', 'nodev'],
    },
    // A new sysfs needs a network namespace of one's own user namespace; the host's is bound instead.
    rootless
      ? {
          destination: '/sys',
          type: 'none',
          source: '/sys',
          options: ['rbind', 'nosuid', 'noexec', 'nodev', 'ro'],
        }
      : {
          destination: '/sys',
          type: 'sysfs',
          source: 'sysfs',
          options: ['nosuid', 'noexec', 'nodev', 'ro'],
        },
    {
      destination: '/sys/fs/cgroup',
      type: 'cgroup',
      source: 'cgroup',
      options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
    },
  ];
}
