/*
 * What the host's cgroup file systems are: parsed from two files of /proc, without I/O (read-facts.ts reads them).
 */

/** One mounted tree of cgroups. */
export interface CgroupHierarchy {
  /** As /proc/self/cgroup names it: `cpu,cpuacct`, `name=systemd`; `unified` for the tree of cgroup v2. */
  readonly name: string;
  readonly version: 1 | 2;
  /** Empty for a named hierarchy, and for v2, whose controllers are switched on below it. */
  readonly controllers: readonly string[];
  /** Where it is mounted. */
  readonly mountPoint: string;
  /** The cgroup that lies at the mount point: not `/` behind a bind mount, as in a container. */
  readonly mountRoot: string;
  /** The cgroup that this process is in. */
  readonly own: string;
}

/** `hybrid`: the controllers are on v1, and v2 is mounted besides to track processes. */
export type CgroupLayout = 'v1' | 'hybrid' | 'v2' | 'none';

export interface CgroupFacts {
  readonly layout: CgroupLayout;
  /** In the order of /proc/self/cgroup; only what is mounted. */
  readonly hierarchies: readonly CgroupHierarchy[];
}

/** The key of the v2 tree among the hierarchies; no controller has that name. */
export const UNIFIED = 'unified';

interface CgroupMount {
  readonly version: 1 | 2;
  readonly mountPoint: string;
  readonly mountRoot: string;
  readonly options: readonly string[];
}

/**
 * Matches the hierarchies that this process is in with the mounts that it sees.
 *
 * @param mountInfo text of /proc/self/mountinfo (proc_pid_mountinfo(5))
 * @param ownCgroups text of /proc/self/cgroup (cgroups(7))
 */
export function parseCgroupFacts(mountInfo: string, ownCgroups: string): CgroupFacts {
  const mounts = parseMounts(mountInfo);
  const hierarchies: CgroupHierarchy[] = [];
  for (const line of ownCgroups.split('\n')) {
    const hierarchy = parseHierarchy(line, mounts);
    if (hierarchy !== undefined) hierarchies.push(hierarchy);
  }
  return { layout: layoutOf(hierarchies), hierarchies };
}

function layoutOf(hierarchies: readonly CgroupHierarchy[]): CgroupLayout {
  const hasV2 = hierarchies.some(({ version }) => version === 2);
  if (hierarchies.some(({ controllers }) => controllers.length > 0)) return hasV2 ? 'hybrid' : 'v1';
  return hasV2 ? 'v2' : 'none';
}

/** A line is `id:controllers:path`; the path may contain colons. */
function parseHierarchy(line: string, mounts: readonly CgroupMount[]): CgroupHierarchy | undefined {
  const afterId = line.indexOf(':') + 1;
  const afterList = line.indexOf(':', afterId) + 1;
  if (afterList === 0) return undefined;
  const list = line.slice(afterId, afterList - 1);
  const own = line.slice(afterList);

  const version = list === '' && line.startsWith('0:') ? 2 : 1;
  const names = list === '' ? [] : list.split(',');
  const mount = chooseMount(mounts, version, names, own);
  if (mount === undefined) return undefined;
  return {
    name: version === 2 ? UNIFIED : list,
    version,
    controllers: names.filter((name) => !name.startsWith('name=')),
    mountPoint: mount.mountPoint,
    mountRoot: mount.mountRoot,
    own,
  };
}

/** A tree may be mounted several times: best is a mount that shows the own cgroup, of those the widest. */
function chooseMount(
  mounts: readonly CgroupMount[],
  version: 1 | 2,
  names: readonly string[],
  own: string,
): CgroupMount | undefined {
  let first: CgroupMount | undefined;
  let widest: CgroupMount | undefined;
  for (const mount of mounts) {
    if (mount.version !== version || !holdsAll(mount.options, names)) continue;
    first ??= mount;
    if (pathBelow(mount.mountRoot, own) === undefined) continue;
    if (widest === undefined || mount.mountRoot.length < widest.mountRoot.length) widest = mount;
  }
  return widest ?? first;
}

function holdsAll(options: readonly string[], names: readonly string[]): boolean {
  for (const name of names) {
    if (!options.includes(name)) return false;
  }
  return true;
}

/** @returns the rest of `path` below `root`, starting with a slash or empty; undefined where it is not below */
export function pathBelow(root: string, path: string): string | undefined {
  if (root === '/') return path === '/' ? '' : path;
  if (path === root) return '';
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

/** Only the lines of cgroups are taken apart: this is read at every start, and most mounts are others. */
function parseMounts(mountInfo: string): CgroupMount[] {
  const mounts: CgroupMount[] = [];
  let end = 0;
  for (const line of mountInfo.split('\n')) {
    end += line.length + 1;
    const type = line.indexOf(' - cgroup') + 3;
    if (type < 3) continue;
    const [, , , root = '', place = ''] = line.split(' ', 5);
    const version = line.startsWith('cgroup ', type)
      ? 1
      : line.startsWith('cgroup2 ', type)
        ? 2
        : 0;
    if (version === 0 || isHidden(place, mountInfo, end)) continue;
    const options = line.slice(line.lastIndexOf(' ') + 1).split(',');
    const mountPoint = unescapeOctal(place);
    mounts.push({ version, mountPoint, mountRoot: unescapeOctal(root), options });
  }
  return mounts;
}

/** A mount hides the ones that were made before it at the same place. */
function isHidden(place: string, mountInfo: string, from: number): boolean {
  const field = ` ${place} `;
  for (let at = mountInfo.indexOf(field, from); at >= 0; at = mountInfo.indexOf(field, at + 1)) {
    // The fifth field, and not the fourth, which may read the same.
    const before = mountInfo.slice(mountInfo.lastIndexOf('\n', at) + 1, at);
    if (before.split(' ').length === 4) return true;
  }
  return false;
}

/** Blank, tab, line feed and backslash stand as `\040` and so on. */
function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
