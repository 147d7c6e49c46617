import type { CgroupPlace } from '../cgroups/place.ts';
import type { Spec } from '../spec/types.ts';
import { readText } from '../syscalls/files.ts';
import { type ContainerRecord, salvageFields } from './record.ts';
import type { Store, StoreFile } from './store.ts';

/**
 * Makes the best of a record that is damaged, or of another version of this program, for `delete --force`: what can
 * still be believed of it, and else the cgroup that the kept configuration asks for, which holds all of the
 * container's processes.
 */
export async function salvageRecord(store: Store, id: string): Promise<ContainerRecord> {
  const known = salvageFields(readKept(store, id, 'record'));
  return {
    version: 1,
    stage: 'created',
    bundle: '/',
    rootfs: '/',
    ociVersion: '',
    created: '',
    owner: '',
    annotations: {},
    pid: 0,
    startTime: '',
    terminal: false,
    hasProcess: false,
    sessionKeyring: false,
    hooks: {},
    rootless: false,
    ownsPidNamespace: false,
    hostMountId: 0,
    ...known,
    id,
    cgroup: known.cgroup ?? (await configuredCgroup(store, id)),
  };
}

async function configuredCgroup(store: Store, id: string): Promise<CgroupPlace | null> {
  let spec: Spec;
  try {
    spec = JSON.parse(readKept(store, id, 'config')) as Spec;
  } catch {
    // Killed or damaged before the configuration was kept: there was no cgroup yet.
    return null;
  }
  const { openCgroups } = await import('../cgroups/open.ts');
  const { readCgroupFacts } = await import('../cgroups/read-facts.ts');
  const facts = readCgroupFacts();
  const cgroups = openCgroups({ path: spec.linux?.cgroupsPath, id, facts });
  cgroups.close();
  // Create took it only because it was new or empty.
  return { ...cgroups.place, claimed: true };
}

function readKept(store: Store, id: string, name: StoreFile): string {
  try {
    return readText(store.file(id, name));
  } catch {
    return '';
  }
}
