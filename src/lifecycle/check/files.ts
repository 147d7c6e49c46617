import { resolve } from '../../path.ts';
import { HOOK_KINDS } from '../../spec/hooks.ts';
import { sysctlPath } from '../../spec/rules/sysctl.ts';
import type { Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';

const { ok, missing } = findingsOf('files');

/** The files of the host that a bundle names: its root file system, sources of mounts, hooks, kernel parameters. */
export function checkFiles(host: Host, bundle: string, spec: Spec): Finding[] {
  const findings = [
    ...checkRootfs(host, bundle, spec),
    ...checkMounts(host, bundle, spec),
    ...checkDevices(host, spec),
    ...checkHooks(host, spec),
    ...checkSysctls(host, spec),
  ];
  return findings.length > 0 ? findings : [ok('files of the host', 'all that the bundle names')];
}

function checkRootfs(host: Host, bundle: string, { root, mounts = [] }: Spec): Finding[] {
  const path = host.realPath(resolve(bundle, root.path));
  const lack = { subject: `root file system ${path}`, pointer: '/root/path' };
  const kind = host.kind(path);
  if (kind !== 'directory') {
    const detail = kind === undefined ? 'it is not there' : 'it is no directory';
    return [missing({ ...lack, detail, remedy: 'unpack an image there, or correct the path' })];
  }
  const { point, options } = mountOf(host, path);
  const findings: Finding[] = [];
  if (options.includes('noexec')) {
    const detail = `it lies on ${point}, which is mounted with noexec: no program can be executed`;
    findings.push(missing({ ...lack, detail, remedy: `mount -o remount,exec ${point}` }));
  }
  const hasDev = mounts.some(({ destination }) => /^\/?dev\/?$/.test(destination));
  if (options.includes('nodev') && !hasDev) {
    const detail = `it lies on ${point}, which is mounted with nodev: no device can be opened`;
    const remedy = `add a mount of type tmpfs on /dev, or mount -o remount,dev ${point}`;
    findings.push(missing({ ...lack, detail, remedy }));
  }
  return findings;
}

/** The mount that a path lies on (proc_pid_mountinfo(5)); of several on one point the last is seen. */
function mountOf(host: Host, path: string): { readonly point: string; readonly options: string[] } {
  let best = { point: '/', options: [] as string[] };
  for (const line of (host.read('/proc/self/mountinfo') ?? '').split('\n')) {
    const [, , , , point, options] = line.split(' ');
    if (point === undefined || options === undefined || point.length < best.point.length) continue;
    const isAbove = point === '/' || path === point || path.startsWith(`${point}/`);
    if (isAbove) best = { point, options: options.split(',') };
  }
  return best;
}

function checkMounts(host: Host, bundle: string, { mounts = [] }: Spec): Finding[] {
  const known = (host.read('/proc/filesystems') ?? '')
    .split('\n')
    .map((line) => line.split('\t')[1]);
  return mounts.flatMap(({ type, source = '', options = [] }, index) => {
    const isBind = type === 'bind' || options.includes('bind') || options.includes('rbind');
    if (isBind) {
      const path = resolve(bundle, source);
      if (host.kind(path) !== undefined) return [];
      return [
        missing({
          subject: `source ${path}`,
          detail: 'it is not there',
          remedy: 'make it, or correct the path',
          pointer: `/mounts/${index}/source`,
        }),
      ];
    }
    // A cgroup mount is made of bind mounts.
    if (type === undefined || type === 'cgroup' || known.includes(type)) return [];
    if (hasModule(host, type)) return [];
    return [
      missing({
        subject: `file system ${type}`,
        detail: 'this kernel does not know it, and has no module for it',
        remedy: 'install the modules of this kernel, or another kernel',
        pointer: `/mounts/${index}/type`,
      }),
    ];
  });
}

/** mount(2) has the kernel load the module that is called like the file system. */
function hasModule(host: Host, type: string): boolean {
  const list = host.read(`/lib/modules/${host.release}/modules.dep`) ?? '';
  return list.includes(`/${type}.ko`);
}

/** In a user namespace the host's device is bound; elsewhere a node is made, whatever the host has. */
function checkDevices(host: Host, { linux }: Spec): Finding[] {
  if (!linux?.namespaces?.some(({ type }) => type === 'user')) return [];
  return (linux.devices ?? []).flatMap(({ path }, index) => {
    if (host.kind(path) !== undefined) return [];
    return [
      missing({
        subject: `device ${path}`,
        detail: 'the host does not have it, and in a user namespace none can be made',
        remedy: 'load the driver, or leave it out',
        pointer: `/linux/devices/${index}/path`,
      }),
    ];
  });
}

/** Those that are run in the container are looked up there, which is not for us to see. */
function checkHooks(host: Host, { hooks = {} }: Spec): Finding[] {
  return HOOK_KINDS.filter((kind) => kind !== 'startContainer').flatMap((kind) =>
    (hooks[kind] ?? []).flatMap(({ path }, index) => {
      if (host.canExecute(path)) return [];
      return [
        missing({
          subject: `hook ${path}`,
          detail: host.kind(path) === undefined ? 'it is not there' : 'it cannot be executed',
          remedy: 'install it, correct the path, or chmod +x',
          pointer: `/hooks/${kind}/${index}/path`,
        }),
      ];
    }),
  );
}

/** A namespace of its own has the parameters that ours has. */
function checkSysctls(host: Host, { linux }: Spec): Finding[] {
  return Object.keys(linux?.sysctl ?? {}).flatMap((name) => {
    const path = sysctlPath(name);
    if (path === undefined || host.kind(`/proc/sys/${path}`) !== undefined) return [];
    return [
      missing({
        subject: `kernel parameter ${name}`,
        detail: 'this kernel does not have it',
        remedy: 'load the module that brings it, or leave it out',
        pointer: `/linux/sysctl/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      }),
    ];
  });
}
