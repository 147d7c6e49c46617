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
  const hierarchies = ownCgroups
    .split('\n')
    .map((line) => parseHierarchy(line, mounts))
    .filter((hierarchy) => hierarchy !== undefined);
  return { layout: layoutOf(hierarchies), hierarchies };
}

function layoutOf(hierarchies: readonly CgroupHierarchy[]): CgroupLayout {
  const hasV2 = hierarchies.some(({ version }) => version === 2);
  if (hierarchies.some(({ controllers }) => controllers.length > 0)) return hasV2 ? 'hybrid' : 'v1';
  return hasV2 ? 'v2' : 'none';
}

/** A line is `id:controllers:path`; the path may contain colons. */
function parseHierarchy(line: string, mounts: readonly CgroupMount[]): CgroupHierarchy | undefined {
  const [id, list, ...rest] = line.split(':');
  if (list === undefined || rest.length === 0) return undefined;
  const own = rest.join(':');

  const version = id === '0' && list === '' ? 2 : 1;
  const names = list.split(',').filter((name) => name !== '');
  const mount = chooseMount(
    mounts.filter(
      ({ version: mounted, options }) =>
        mounted === version && names.every((name) => options.includes(name)),
    ),
    own,
  );
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
function chooseMount(mounts: readonly CgroupMount[], own: string): CgroupMount | undefined {
  const showing = mounts.filter(({ mountRoot }) => pathBelow(mountRoot, own) !== undefined);
  const [first] = showing.sort((a, b) => a.mountRoot.length - b.mountRoot.length);
  return first ?? mounts[0];
}

/** @returns the rest of `path` below `root`, starting with a slash or empty; undefined where it is not below */
export function pathBelow(root: string, path: string): string | undefined {
  if (root === '/') return path === '/' ? '' : path;
  if (path === root) return '';
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

/** A mount hides the ones that were made before it at the same place. */
function parseMounts(mountInfo: string): CgroupMount[] {
  const visible = new Map<string, CgroupMount>();
  for (const line of mountInfo.split('\n')) {
    const [, , , root, place] = line.split(' ', 5);
    if (root === undefined || place === undefined) continue;
    visible.delete(place);
    // Looked for first, as this is read at every start and most mounts are others.
    if (!line.includes(' - cgroup')) continue;
    const [type, , options = ''] = line.slice(line.indexOf(' - ') + 3).split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    visible.set(place, {
      version: type === 'cgroup' ? 1 : 2,
      mountPoint: unescapeOctal(place),
      mountRoot: unescapeOctal(root),
      options: options.split(','),
    });
  }
  return [...visible.values()];
}

/** Blank, tab, line feed and backslash stand as `\040` and so on. */
function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
