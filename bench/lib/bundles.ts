import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBusyboxRootfs } from '../../test/lib/rootfs.ts';
import { makeSeccompProfile } from './seccomp-profile.ts';

/** In what a bundle differs from runc's default one. */
export interface Variant {
  /** `/bin/true` where there are none. */
  readonly args?: readonly string[];
  readonly seccomp?: boolean;
  /** Left out of the namespaces with `false`. */
  readonly network?: boolean;
  /** Mounts besides the seven of the default: half of them binds, half of them tmpfs. */
  readonly mounts?: number;
}

/** As much of a config.json as is changed here. */
interface Config {
  process: { terminal: boolean; args: readonly string[] };
  root: { path: string };
  mounts: object[];
  linux: { namespaces: { type: string }[]; cgroupsPath?: string; seccomp?: object };
}

const MOST_MOUNTS = 60;

/** Makes bundles that share one root file system, and differ in their configuration. */
export class Bundles {
  readonly #folder: string;
  readonly #default: string;

  /**
   * @param folder is filled
   * @param runc the program whose default configuration is taken
   */
  constructor(folder: string, runc: string) {
    this.#folder = folder;
    const rootfs = join(folder, 'rootfs');
    makeBusyboxRootfs(rootfs);
    for (let i = 0; i < MOST_MOUNTS; i++) mkdirSync(join(rootfs, 'mnt', String(i)));
    mkdirSync(join(folder, 'data'));
    execFileSync(runc, ['spec'], { cwd: folder });
    this.#default = readFileSync(join(folder, 'config.json'), 'utf8');
  }

  /**
   * @param cgroup path below which the container is
   * @returns the folder of the bundle
   */
  make(name: string, cgroup: string, variant: Variant = {}): string {
    const { args = ['/bin/true'], seccomp = false, network = true, mounts = 0 } = variant;
    const config: Config = JSON.parse(this.#default);
    config.process.terminal = false;
    config.process.args = args;
    config.root.path = join(this.#folder, 'rootfs');
    config.linux.cgroupsPath = `${cgroup}/${name}`;
    if (!network) {
      const { namespaces } = config.linux;
      config.linux.namespaces = namespaces.filter(({ type }) => type !== 'network');
    }
    if (seccomp) config.linux.seccomp = makeSeccompProfile();
    config.mounts.push(...Array.from({ length: mounts }, (_, index) => this.#mount(index)));
    const bundle = join(this.#folder, name);
    mkdirSync(bundle);
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(config, undefined, 2));
    return bundle;
  }

  #mount(index: number): object {
    const destination = `/mnt/${index}`;
    return index % 2 === 0
      ? { destination, type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'size=64k'] }
      : {
          destination,
          type: 'bind',
          source: join(this.#folder, 'data'),
          options: ['rbind', 'rprivate', 'ro'],
        };
  }
}
