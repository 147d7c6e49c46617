/** A small configuration to start from: what a test does not speak of is as plain as can be. */

type Value = unknown;
export type Section = Record<string, Value>;

/** What a test changes. Sections are merged, everything else replaces; undefined takes a property away. */
export interface Changes {
  readonly args?: readonly string[];
  readonly process?: Section;
  readonly linux?: Section;
  /** Appended to the plain ones. */
  readonly mounts?: readonly Section[];
  readonly hooks?: Section;
  readonly annotations?: Section;
  readonly hostname?: string | undefined;
  readonly root?: Section;
  /** Namespaces that are left out. */
  readonly without?: readonly string[];
  /** Namespaces besides, or instead of the one of the same type. */
  readonly namespaces?: readonly { readonly type: string; readonly path?: string }[];
  /** Any other top-level property. */
  readonly top?: Section;
}

export const CAPABILITIES = ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];
const NAMESPACES = ['pid', 'network', 'ipc', 'uts', 'mount'];

/** @returns the mounts that nearly every container has; `type` and options as engines give them */
const plainMounts = (): Section[] => [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
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
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
  },
];

/**
 * @param cgroupsPath an absolute one, below the test's own cgroup
 * @param changes what the test is about
 */
export function makeConfig(cgroupsPath: string, changes: Changes = {}): Section {
  const { args = ['true'], without = [], namespaces = [] } = changes;
  const kept = NAMESPACES.filter(
    (type) => !without.includes(type) && !namespaces.some((other) => other.type === type),
  );
  return {
    ociVersion: '1.3.0',
    root: { path: 'rootfs', ...changes.root },
    process: {
      user: { uid: 0, gid: 0 },
      args,
      env: ['PATH=/bin', 'HOME=/'],
      cwd: '/',
      capabilities: {
        bounding: CAPABILITIES,
        effective: CAPABILITIES,
        permitted: CAPABILITIES,
      },
      ...changes.process,
    },
    ...('hostname' in changes ? { hostname: changes.hostname } : { hostname: 'contained' }),
    mounts: [...plainMounts(), ...(changes.mounts ?? [])],
    ...(changes.hooks === undefined ? {} : { hooks: changes.hooks }),
    ...(changes.annotations === undefined ? {} : { annotations: changes.annotations }),
    linux: {
      namespaces: [...kept.map((type) => ({ type })), ...namespaces],
      cgroupsPath,
      ...changes.linux,
    },
    ...changes.top,
  };
}
