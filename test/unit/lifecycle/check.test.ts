import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkHost, type Finding, type Host, thisHost } from '../../../src/lifecycle/check.ts';
import { defaultSpec } from '../../../src/spec/default.ts';
import type { Spec } from '../../../src/spec/types.ts';
import { temporaryDirectory } from './temporary.ts';

const NAMESPACES = ['mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup', 'user', 'time'];
const CONTROLLERS = ['devices', 'freezer', 'memory', 'cpu', 'cpuset', 'pids', 'blkio', 'hugetlb'];

const controllersOf = (names: readonly string[]) => ({
  '/proc/self/mountinfo': [
    '20 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
    ...names.map(
      (name) => `30 20 0:30 / /sys/fs/cgroup/${name} rw,relatime - cgroup cgroup rw,${name}`,
    ),
  ].join('\n'),
  '/proc/self/cgroup': names.map((name, index) => `${index + 1}:${name}:/`).join('\n'),
});

/** A host on which nothing is missing, as the files that are looked at. */
const GOOD: Readonly<Record<string, string>> = {
  '/': '',
  '/run': '',
  '/proc/self/status':
    'CapPrm:\t000001ffffffffff\nCapBnd:\t000001ffffffffff\nNoNewPrivs:\t0\nSeccomp:\t0\n',
  '/proc/self/limits':
    'Max open files            1024                 524288               files     \n',
  '/proc/sys/fs/nr_open': '1048576\n',
  '/proc/sys/kernel/cap_last_cap': '40\n',
  '/proc/self/oom_score_adj': '0\n',
  ...Object.fromEntries(NAMESPACES.map((name) => [`/proc/self/ns/${name}`, ''])),
  ...Object.fromEntries(NAMESPACES.map((name) => [`/proc/sys/user/max_${name}_namespaces`, '9\n'])),
  ...controllersOf(CONTROLLERS),
  ...Object.fromEntries(CONTROLLERS.map((name) => [`/sys/fs/cgroup/${name}`, ''])),
  '/proc/cgroups':
    '#subsys_name\thierarchy\tnum_cgroups\tenabled\nhugetlb\t0\t1\t1\nmemory\t0\t1\t0\n',
  '/proc/filesystems':
    'nodev\tproc\nnodev\tsysfs\nnodev\ttmpfs\nnodev\tdevpts\nnodev\tmqueue\n\text4\n',
  '/proc/sys/kernel/seccomp/actions_avail': 'kill_process kill_thread trap errno trace log allow\n',
  '/proc/self/uid_map': '         0          0 4294967295\n',
  '/proc/self/gid_map': '         0          0 4294967295\n',
};

interface Differences {
  readonly uid?: number;
  readonly release?: string;
  /** undefined takes a file away. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  readonly readOnly?: readonly string[];
}

function aHost({ uid = 0, release = '6.1.0', files = {}, readOnly = [] }: Differences = {}): Host {
  const all: Readonly<Record<string, string | undefined>> = { ...GOOD, ...files };
  const isThere = (path: string) => all[path] !== undefined;
  return {
    uid,
    release,
    read: (path) => all[path],
    list: () => [],
    kind: (path) => (isThere(path) ? (path.endsWith('.sh') ? 'file' : 'directory') : undefined),
    owner: () => ({ uid: 0, gid: 0, mode: 0o755 }),
    canWrite: (path) => isThere(path) && !readOnly.includes(path),
    canExecute: (path) => isThere(path) && path.endsWith('.sh'),
    realPath: (path) => path,
    findProgram: () => undefined,
    seccompFlags: async () => ['SECCOMP_FILTER_FLAG_LOG'],
  };
}

/** What is missing, as `pointer subject: detail – remedy`. */
async function missing(differences?: Differences, spec?: Spec): Promise<string[]> {
  const findings = await check(differences, spec);
  return findings
    .filter(({ verdict }) => verdict === 'missing')
    .map(({ pointer = '', subject, detail, remedy }) =>
      `${pointer} ${subject}: ${detail} – ${remedy}`.trim(),
    );
}

async function check(differences: Differences = {}, spec?: Spec): Promise<Finding[]> {
  const options = { root: '/run/runts', noPivot: false };
  if (spec === undefined) return checkHost(aHost(differences), options);
  const bundle = temporaryDirectory();
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec));
  const files = { [join(bundle, 'rootfs')]: '', ...differences.files };
  return checkHost(aHost({ ...differences, files }), { ...options, bundle });
}

/** The default configuration with a part replaced. */
const withLinux = (linux: Spec['linux']): Spec => {
  const spec = defaultSpec();
  return { ...spec, linux: { ...spec.linux, ...linux } };
};
const withProcess = (changes: object): Spec => {
  const spec = defaultSpec();
  return { ...spec, process: { args: ['sh'], cwd: '/', ...spec.process, ...changes } };
};

describe('a host with all that it takes', () => {
  test('lacks nothing in general, nor for what runts spec writes', async () => {
    expect(await missing()).toEqual([]);
    expect(await missing({}, defaultSpec())).toEqual([]);
  });

  test('every absence has a remedy', async () => {
    for (const finding of await check({ files: { '/proc/self/cgroup': '' } })) {
      expect(finding.verdict === 'ok' || finding.remedy !== undefined, finding.subject).toBe(true);
    }
  });

  test('what only some bundles need is optional, until a bundle asks for it', async () => {
    const apparmor = (await check()).find(({ subject }) => subject === 'AppArmor');
    expect(apparmor?.verdict).toBe('optional');
    expect(await missing({}, withProcess({ apparmorProfile: 'web' }))).toEqual([
      '/process/apparmorProfile AppArmor: it is not enabled, so profiles are ignored with a warning – boot with lsm=…,apparmor, or use no profiles',
    ]);
  });
});

describe('the kernel', () => {
  test('an old one lacks system calls, each with the version that has it', async () => {
    expect(await missing({ release: '5.10.0-28-amd64' })).toEqual([
      'the system call close_range: Linux 5.10.0-28-amd64 does not have it – boot Linux 5.11 or later',
      'the system call mount_setattr: Linux 5.10.0-28-amd64 does not have it – boot Linux 5.12 or later',
    ]);
  });

  test('one to which a distribution has brought them lacks none', async () => {
    const names = ['close_range', 'mount_setattr'];
    const symbols = names.map((name) => `0000000000000000 T __x64_sys_${name}`).join('\n');
    const files = { '/proc/kallsyms': symbols };
    expect(await missing({ release: '5.10.0', files })).toEqual([]);
  });

  test('memory files that cannot be executed', async () => {
    expect(await missing({ files: { '/proc/sys/vm/memfd_noexec': '2\n' } })).toEqual([
      'programs in memory files: vm.memfd_noexec is 2, so that the init helper cannot be executed – sysctl -w vm.memfd_noexec=1',
    ]);
  });
});

describe('rights', () => {
  test('an ordinary user, and a runtime without capabilities', async () => {
    expect(await missing({ uid: 1000 })).toEqual([
      'user: uid 1000, and running without privileges is not there yet – call create and run as root',
    ]);
    const status = 'CapPrm:\t000001ffffdfffff\nCapBnd:\t000001ffffdfffff\n';
    expect(await missing({ files: { '/proc/self/status': status } })).toEqual([
      'capabilities of the runtime: it lacks CAP_SYS_ADMIN – start it outside of the container or service that takes them away',
    ]);
  });

  test('capabilities and limits of the bundle that cannot be given', async () => {
    const status = 'CapPrm:\t000001fffeffdfff\nCapBnd:\t000001fffeffdfff\n';
    const spec = withProcess({
      capabilities: { bounding: ['CAP_NET_RAW', 'CAP_KILL'] },
      rlimits: [{ type: 'RLIMIT_NOFILE', soft: 1, hard: 1_000_000 }],
      oomScoreAdj: -100,
    });
    expect(await missing({ files: { '/proc/self/status': status } }, spec)).toEqual([
      '/process/capabilities CAP_NET_RAW: the runtime does not have it, so the process will not get it – leave it out, or start the runtime with it',
      '/process/rlimits/0/hard RLIMIT_NOFILE of 1000000: the runtime has 524288 itself, and no CAP_SYS_RESOURCE to raise it – lower it, or raise the limit of the runtime',
      '/process/oomScoreAdj oomScoreAdj of -100: the runtime has 0 itself, and no CAP_SYS_RESOURCE to go below – make it at least 0',
    ]);
  });

  test('a state directory that cannot be made', async () => {
    expect(await missing({ readOnly: ['/run'] })).toEqual([
      'state directory /run/runts: cannot be made in /run – be root, or choose another one with --root',
    ]);
  });
});

describe('namespaces', () => {
  test('forbidden by a setting', async () => {
    const files = { '/proc/sys/user/max_net_namespaces': '0\n' };
    const text =
      'network namespace: user.max_net_namespaces is 0, which forbids new ones – sysctl -w user.max_net_namespaces=15000';
    expect(await missing({ files })).toEqual([text]);
    expect(await missing({ files }, defaultSpec())).toEqual([`/linux/namespaces/1 ${text}`]);
  });

  test('not in this kernel, and none to join', async () => {
    const files = { '/proc/self/ns/time': undefined };
    const network = { type: 'network', path: '/run/netns/a' } as const;
    const spec = withLinux({
      namespaces: [{ type: 'time' }, network, { type: 'uts' }, { type: 'mount' }],
    });
    expect(await missing({ files })).toEqual([]);
    expect(await missing({ files }, spec)).toEqual([
      '/linux/namespaces/0 time namespace: this kernel has none – boot a kernel with CONFIG_TIME_NS',
      '/linux/namespaces/1 network namespace: there is none to join at /run/netns/a – the process that it belonged to may have ended',
    ]);
  });
});

describe('cgroups', () => {
  test('cgroup v2 alone, or none', async () => {
    const v2 = {
      '/proc/self/mountinfo': '30 20 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
      '/proc/self/cgroup': '0::/',
    };
    expect(await missing({ files: v2 })).toEqual([
      expect.stringMatching(/^layout: cgroup v2 alone, .* – boot with systemd\.unified_/),
    ]);
    expect(await missing({ files: { '/proc/self/cgroup': '' } })).toEqual([
      expect.stringMatching(/^layout: no cgroup file system is mounted – mount /),
    ]);
  });

  test('a controller that the bundle’s limits need', async () => {
    const files = controllersOf(CONTROLLERS.filter((name) => !/hugetlb|memory|pids/.test(name)));
    const resources = {
      memory: { limit: 1_000_000 },
      pids: { limit: 5 },
      hugepageLimits: [{ pageSize: '2MB', limit: 0 }],
    };
    expect(await missing({ files })).toEqual([]);
    expect(await missing({ files }, withLinux({ resources }))).toEqual([
      '/linux/resources/memory/limit controller memory: it is switched off – boot with cgroup_enable=memory',
      '/linux/resources/pids/limit controller pids: this kernel does not have it on cgroup v1 – boot a kernel that has it, or leave out the limits that need it',
      '/linux/resources/hugepageLimits/0 controller hugetlb: this kernel has it, but it is not mounted – mkdir /sys/fs/cgroup/hugetlb && mount -t cgroup -o hugetlb cgroup /sys/fs/cgroup/hugetlb',
      '/linux/resources/hugepageLimits/0/pageSize huge pages of 2MB: this host does not have them – choose a size in /sys/kernel/mm/hugepages',
    ]);
  });

  test('processors, disks and accounting of swap that the host does not have', async () => {
    const throttleReadBpsDevice = [8, 9].map((minor) => ({ major: 8, minor, rate: 1 }));
    const resources = {
      cpu: { cpus: '0-1,3', mems: '0' },
      memory: { limit: 1_000_000, swap: 2_000_000 },
      blockIO: { throttleReadBpsDevice },
    };
    const files = {
      '/sys/devices/system/cpu/online': '0-2\n',
      '/sys/devices/system/node/online': '0\n',
      '/sys/dev/block/8:8': '',
    };
    expect(await missing({ files }, withLinux({ resources }))).toEqual([
      '/linux/resources/cpu/cpus processors 0-1,3: this host has 0-2 – choose of these',
      '/linux/resources/blockIO/throttleReadBpsDevice/1 disk 8:9: this host does not have it – choose one that lsblk lists',
      '/linux/resources/memory/swap limit of memory and swap: swap is not accounted on this host – boot with swapaccount=1, or leave it out',
    ]);
  });

  test('read-only ones', async () => {
    expect(await missing({ readOnly: ['/sys/fs/cgroup/pids'] })).toEqual([
      'place of the cgroup: /sys/fs/cgroup/pids cannot be written – be root, mount it read-write, or have a directory delegated and name it in linux.cgroupsPath',
    ]);
  });
});

describe('seccomp', () => {
  test('actions and flags that the kernel does not have', async () => {
    const spec = withLinux({
      seccomp: {
        defaultAction: 'SCMP_ACT_ALLOW',
        flags: ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'],
        listenerPath: '/run/agent.sock',
        syscalls: [{ names: ['mknod'], action: 'SCMP_ACT_NOTIFY' }],
      },
    });
    expect(await missing({}, spec)).toEqual([
      '/linux/seccomp/syscalls/0/action seccomp action SCMP_ACT_NOTIFY: Linux 6.1.0 does not have it – boot a newer kernel, or choose another action',
      '/linux/seccomp/flags/1 SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: Linux 6.1.0 does not know it – boot a newer kernel, or leave it out',
    ]);
  });
});

describe('ids', () => {
  test('that the runtime’s own user namespace does not have', async () => {
    const files = { '/proc/self/uid_map': '0 100000 65536\n' };
    const ids = [{ containerID: 0, hostID: 65_000, size: 1000 }];
    const spec = withLinux({
      namespaces: [{ type: 'user' }, { type: 'mount' }, { type: 'uts' }],
      uidMappings: ids,
      gidMappings: ids,
    });
    expect(await missing({ files }, spec)).toEqual([
      '/linux/uidMappings/0 uids 65000 to 65999: the runtime is in a user namespace that does not map them all – map ids of /proc/self/uid_map, or start the runtime outside',
    ]);
  });
});

describe('files of the host', () => {
  test('that the bundle names', async () => {
    const spec: Spec = {
      ...withLinux({ sysctl: { 'net.netfilter.nf_conntrack_max': '1' } }),
      mounts: [
        { destination: '/a', source: '/srv/a', type: 'bind', options: ['rbind'] },
        { destination: '/b', source: 'x', type: 'zfs' },
      ],
      hooks: { createRuntime: [{ path: '/opt/hook.sh' }], startContainer: [{ path: '/inside' }] },
    };
    expect(await missing({}, spec)).toEqual([
      '/mounts/0/source source /srv/a: it is not there – make it, or correct the path',
      '/mounts/1/type file system zfs: this kernel does not know it, and has no module for it – install the modules of this kernel, or another kernel',
      '/hooks/createRuntime/0/path hook /opt/hook.sh: it is not there – install it, correct the path, or chmod +x',
      '/linux/sysctl/net.netfilter.nf_conntrack_max kernel parameter net.netfilter.nf_conntrack_max: this kernel does not have it – load the module that brings it, or leave it out',
    ]);
    const modules = { '/lib/modules/6.1.0/modules.dep': 'kernel/fs/zfs/zfs.ko.xz: spl.ko.xz\n' };
    const files = { ...modules, '/srv/a': '', '/opt/hook.sh': '' };
    expect(await missing({ files }, { ...spec, linux: withLinux({}).linux ?? {} })).toEqual([]);
  });

  test('a root file system that is missing, and one on a noexec mount', async () => {
    const bundle = temporaryDirectory();
    const spec = { ...defaultSpec(), root: { path: join(bundle, 'r') } };
    expect(await missing({}, spec)).toEqual([
      `/root/path root file system ${bundle}/r: it is not there – unpack an image there, or correct the path`,
    ]);
    const { '/proc/self/mountinfo': mounts } = controllersOf(CONTROLLERS);
    const files = {
      [`${bundle}/r`]: '',
      '/proc/self/mountinfo': `${mounts}\n40 20 0:40 / ${bundle} rw,noexec,nodev - tmpfs tmpfs rw`,
    };
    expect(await missing({ files }, spec)).toEqual([
      `/root/path root file system ${bundle}/r: it lies on ${bundle}, which is mounted with noexec: no program can be executed – mount -o remount,exec ${bundle}`,
    ]);
  });

  test('a root that pivot_root cannot leave, unless --no-pivot is given', async () => {
    const { '/proc/self/mountinfo': mounts } = controllersOf(CONTROLLERS);
    const files = { '/proc/self/mountinfo': `1 1 0:2 / / rw - rootfs rootfs rw\n${mounts}` };
    expect(await missing({ files })).toEqual([
      'a root that can be left: the root of this host is an initial ramdisk, so that pivot_root fails – give create and run --no-pivot',
    ]);
    const options = { root: '/run/runts', noPivot: true };
    const findings = await checkHost(aHost({ files }), options);
    expect(findings.filter(({ verdict }) => verdict === 'missing')).toEqual([]);
  });
});

describe('this host', () => {
  test('is looked at without a change, and tells what is there from what is not', () => {
    const host = thisHost('/nowhere:/bin:/usr/bin');
    const folder = temporaryDirectory();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'plain'), 'text');
    expect(host.kind(join(folder, 'sub'))).toBe('directory');
    expect(host.kind(join(folder, 'plain'))).toBe('file');
    expect(host.kind('/dev/null')).toBe('other');
    expect(host.kind(join(folder, 'none'))).toBeUndefined();
    expect(host.read(join(folder, 'plain'))).toBe('text');
    expect(host.read(join(folder, 'none'))).toBeUndefined();
    expect(host.canExecute(join(folder, 'plain'))).toBe(false);
    expect(host.canExecute(join(folder, 'sub'))).toBe(false);
    expect(host.canWrite(folder)).toBe(true);
    expect(host.list(folder)).toEqual(['plain', 'sub']);
    expect(host.findProgram('sh')).toMatch(/^\/(usr\/)?bin\/sh$/);
    expect(host.findProgram('no-such-program')).toBeUndefined();
  });
});
