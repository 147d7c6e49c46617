import type { CgroupManager } from '../cgroups/manager.ts';
import { RuntimeError } from '../error.ts';
import { SpecError } from '../spec/failure.ts';
import { parseJson } from '../spec/json.ts';
import { mergeResources, withConsequences, withoutUnchanged } from '../spec/merge-resources.ts';
import { parseResources } from '../spec/parse-resources.ts';
import { printJson } from '../spec/print-json.ts';
import type { Resources, Spec } from '../spec/types.ts';
import { readFile, removeFile, renameFile, writeFile } from '../syscalls/files.ts';
import { fileError } from './fs-error.ts';
import { lockUnlessCreating } from './lock.ts';
import type { Context } from './options.ts';
import { readCondition } from './status.ts';
import { openStore, type Store } from './store.ts';
import { checkTransition } from './transitions.ts';
import { withOwnCgroups } from './with-cgroups.ts';

/** What `update` is told. */
export interface UpdateOptions {
  readonly id: string;
  /** `linux.resources` as JSON; what is left out stays as it is, and so does a limit of 0. */
  readonly resources: Uint8Array;
  /** What messages call it. */
  readonly name: string;
  /** How messages call a place in it, told by its JSON pointer; without it by name and pointer. */
  readonly placeOf?: ((pointer: string) => string) | undefined;
}

/**
 * Changes the limits of a container, and the configuration that is kept of it: `update`. Either all of them change or
 * none does.
 *
 * @throws RuntimeError: no such container, or not running; resources that config.json could not have; a limit that the
 *   kernel refuses, after which those that were written before are what they were
 */
export async function updateContainer(context: Context, options: UpdateOptions): Promise<void> {
  const { id } = options;
  const { resources, warnings } = readChange(options);
  const store = openStore(context.root);
  const held = await lockUnlessCreating(store, id, 'update');
  try {
    const record = store.load(id);
    const { status } = await readCondition(store, id, record, held);
    checkTransition('update', status, id);
    for (const warning of warnings) context.log('warning', warning);

    const spec = readKept(store, id);
    const present = spec.linux?.resources;
    const asked = withoutKeptDevices(withoutUnchanged(resources), present);
    const change = withConsequences(present, asked);
    if (Object.keys(change).length === 0) return;
    const merged = { ...spec.linux, resources: mergeResources(present, change) };
    const kept = prepareKept(store, id, { ...spec, linux: merged });
    try {
      await withOwnCgroups(record, async (cgroups) => {
        for (const warning of await apply(cgroups, change, present, options)) {
          context.log('warning', warning);
        }
      });
      kept.replace();
    } finally {
      kept.clear();
    }
  } finally {
    held.release();
  }
}

function readChange({ resources, name, placeOf }: UpdateOptions) {
  try {
    return parseResources(resources, name);
  } catch (error) {
    if (!(error instanceof SpecError) || placeOf === undefined) throw error;
    const lines = error.failures.map(({ pointer, detail }) => `${placeOf(pointer)}: ${detail}`);
    throw new RuntimeError({ operation: '', detail: lines.join('\n'), cause: error });
  }
}

/** Engines pass on all of the resources that they have once given, and the list of devices with them. */
function withoutKeptDevices({ devices, ...rest }: Resources, present: Resources = {}): Resources {
  const isKept = printJson(devices ?? []) === printJson(present.devices ?? []);
  return devices === undefined || isKept ? rest : { ...rest, devices };
}

async function apply(
  cgroups: CgroupManager,
  change: Resources,
  present: Resources = {},
  { name, placeOf = (pointer) => `${name} ${pointer}` }: UpdateOptions,
): Promise<string[]> {
  try {
    if (change.devices !== undefined) await replaceDevices(cgroups, change, present);
    try {
      const warnings = cgroups.apply(change, { pointer: '', devices: false, orNothing: true });
      return warnings.map((warning) =>
        warning.replace(/^config\.json (\S+):/, (_, pointer) => `${placeOf(pointer)}:`),
      );
    } catch (error) {
      if (change.devices !== undefined) await replaceDevices(cgroups, present, present);
      throw error;
    }
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.pointer === undefined) throw error;
    const { operation, detail, pointer, path, code } = error;
    const place = `${placeOf(pointer)}: ${operation}`;
    throw new RuntimeError({ operation: place, detail, path, code, cause: error });
  }
}

/** The kernel takes a list line by line: nobody shall open a device while half of it is there. */
async function replaceDevices(
  cgroups: CgroupManager,
  { devices = [] }: Resources,
  present: Resources,
): Promise<void> {
  const wasFrozen = cgroups.isFrozen();
  if (!wasFrozen) await cgroups.freeze();
  try {
    cgroups.apply({ devices }, { pointer: '' });
  } catch (error) {
    cgroups.apply({ devices: present.devices ?? [] }, { pointer: '' });
    throw error;
  } finally {
    if (!wasFrozen) cgroups.thaw();
  }
}

function readKept(store: Store, id: string): Spec {
  const path = store.file(id, 'config');
  try {
    return parseJson(readFile(path), path).value as Spec;
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw fileError(`read ${path}`, path, cause);
  }
}

/** Writes the new configuration beside the old one, so that little can go wrong once the limits are changed. */
function prepareKept(store: Store, id: string, spec: Spec) {
  const path = store.file(id, 'config');
  // The lock is held by whoever writes: nobody else uses the other name.
  const unfinished = `${path}.new`;
  const clear = (): void => removeFile(unfinished);
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (cause) {
      throw fileError(`write ${path}`, path, cause);
    }
  };
  attempt(() => writeFile(unfinished, printJson(spec)));
  return { replace: () => attempt(() => renameFile(unfinished, path)), clear };
}
