import { cgroupMounts } from '../cgroups/mounts.ts';
import { openCgroups } from '../cgroups/open.ts';
import { readCgroupFacts } from '../cgroups/read-facts.ts';
import { readSpec } from '../spec/read.ts';
import type { NamespaceType, Spec } from '../spec/types.ts';
import { closeFile } from '../syscalls/files.ts';
import type { Child } from '../syscalls/spawn.ts';
import { preservedDescriptors } from './activation.ts';
import { checkConsole } from './console.ts';
import { mountIdOf } from './host-mounts.ts';
import { checkId } from './ids.ts';
import { type MakeOptions, Maker } from './maker.ts';
import type { Context, CreateOptions } from './options.ts';
import { ownerName } from './owner.ts';
import { type ContainerRecord, timestamp } from './record.ts';
import { resolveRootfs } from './rootfs.ts';
import { type Held, openStore, type Store } from './store.ts';

/**
 * Makes a container up to the point where its program could be executed: `create` (runtime.md, "Create").
 *
 * @throws RuntimeError, SpecError: whatever failed; of the container nothing is left then
 */
export async function createContainer(context: Context, options: CreateOptions): Promise<void> {
  const { init, held } = await makeContainer(context, { ...options, stdio: [0, 1, 2] });
  closeFile(init.pidfd);
  held.release();
}

/** A container that has just been made, and waits to be started. */
export interface Made {
  /** A child of this process that the caller reaps; the pidfd is the caller's. */
  readonly init: Child;
  readonly record: ContainerRecord;
  readonly store: Store;
  /** Nobody else changes the container until the caller releases it. */
  readonly held: Held;
}

/** Like {@link createContainer}, for callers that go on with the container. */
export async function makeContainer(context: Context, options: MakeOptions): Promise<Made> {
  checkId(options.id);
  const preserved = preservedDescriptors((options.listenFds ?? 0) + options.preserveFds);
  const { spec, bytes, warnings } = readSpec(options.bundle);
  for (const warning of warnings) context.log('warning', warning);
  checkConsole(spec, options);
  const rootfs = resolveRootfs(options.bundle, spec.root.path);
  const facts = readCgroupFacts();
  const cgroups = openCgroups({ path: spec.linux?.cgroupsPath, id: options.id, facts });

  const hostMountId = makesNamespace(spec, 'mount') ? 0 : mountIdOf(rootfs);
  const store = openStore(context.root);
  const held = await store.reserve(options.id);
  const maker = new Maker(context, options, spec, store, cgroups, {
    version: 1,
    stage: 'creating',
    id: options.id,
    bundle: options.bundle,
    rootfs,
    ociVersion: spec.ociVersion,
    created: timestamp(),
    owner: ownerName(process.geteuid?.() ?? 0),
    annotations: spec.annotations ?? {},
    pid: 0,
    startTime: '',
    cgroup: cgroups.place,
    terminal: spec.process?.terminal ?? false,
    hasProcess: spec.process !== undefined,
    sessionKeyring: !options.noNewKeyring,
    hooks: spec.hooks ?? {},
    rootless: false,
    ownsPidNamespace: makesNamespace(spec, 'pid'),
    hostMountId,
  });
  try {
    const init = await maker.make(held, bytes, preserved, cgroupMounts(cgroups.place, facts));
    return { init, record: maker.record, store, held };
  } catch (error) {
    await maker.undo();
    held.release();
    throw error;
  } finally {
    cgroups.close();
  }
}

function makesNamespace(spec: Spec, wanted: NamespaceType): boolean {
  return spec.linux?.namespaces?.some(({ type, path }) => type === wanted && !path) ?? false;
}
