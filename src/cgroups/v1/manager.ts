import { RuntimeError } from '../../error.ts';
import type { Resources } from '../../spec/types.ts';
import { UNIFIED } from '../facts.ts';
import type { ApplyOptions, CgroupEntrance, CgroupManager, OomWatch } from '../manager.ts';
import type { CgroupPlaceV1 } from '../place.ts';
import { compileResources } from '../resources/compile.ts';
import { compileDevices } from '../resources/devices.ts';
import type { CgroupStats } from '../stats.ts';
import { writeDevices, writeGroup } from './apply.ts';
import { attempt } from './attempt.ts';
import { createCgroups } from './create.ts';
import { type CgroupDirectory, isGone } from './directory.ts';
import { openEntrance } from './entrance.ts';
import { freeze, isFrozen, thaw, thawIfThere } from './freezer.ts';
import { type Directories, directoriesOf, findController } from './hierarchies.ts';
import { killAll, signalFrozen } from './kill.ts';
import { watchOom } from './oom.ts';
import { removeCgroups, removeEmpty } from './remove.ts';
import { refuseSelf } from './signal.ts';
import { readStats } from './stats.ts';
import { writeAllOrNothing } from './update.ts';

/** cgroup v1, and v1 with the v2 tree beside it: the container has a cgroup in every hierarchy. */
export class V1Manager implements CgroupManager {
  #place: CgroupPlaceV1;
  readonly #directories: Directories;
  readonly #pointer: string | undefined;

  /** @param pointer JSON pointer of the path that a new container asks for, if it does */
  constructor(place: CgroupPlaceV1, pointer?: string) {
    this.#place = place;
    this.#pointer = pointer;
    this.#directories = directoriesOf(place);
  }

  get place(): CgroupPlaceV1 {
    return this.#place;
  }

  create(): void {
    try {
      this.#place = createCgroups(this.#place, this.#directories, this.#pointer);
    } catch (error) {
      // Whoever was faster than we were: nothing in there is ours.
      this.#place = { ...this.#place, claimed: false };
      throw error;
    }
  }

  apply(resources: Resources | undefined, options: ApplyOptions = {}): string[] {
    const { pointer = '/linux/resources', devices = true, orNothing = false } = options;
    // Everything is compiled before anything is written: what can't be said at all changes nothing.
    const groups = compileResources(resources ?? {}, pointer);
    const at = `${pointer}/devices`;
    const list = devices ? compileDevices(resources?.devices ?? [], at) : undefined;
    if (list !== undefined) {
      writeDevices(this.#directories, list, resources?.devices && at);
    }
    if (orNothing) return writeAllOrNothing(this.#directories, groups);
    const warnings: string[] = [];
    for (const group of groups) warnings.push(...writeGroup(this.#directories, group));
    return warnings;
  }

  join(pid: number): void {
    for (const directory of this.#directories.values()) {
      attempt(`move process ${pid} to cgroup`, directory, () =>
        directory.write('cgroup.procs', `${pid}`),
      );
    }
  }

  get entranceSize(): CgroupManager['entranceSize'] {
    const names = Object.keys(this.place.paths);
    const directory = names.includes(UNIFIED);
    return { tasks: names.length - (directory ? 1 : 0), directory };
  }

  entrance(): CgroupEntrance {
    return openEntrance(this.#directories);
  }

  processes(): number[] {
    return this.#listing().processes();
  }

  allProcesses(): number[] {
    return this.#listing().allProcesses();
  }

  isFrozen(): boolean {
    const freezer = this.#freezer();
    return freezer !== undefined && isFrozen(freezer);
  }

  async freeze(): Promise<void> {
    const freezer = this.#needFreezer();
    refuseSelf(freezer.allProcesses());
    await freeze(freezer);
  }

  thaw(): void {
    thaw(this.#needFreezer());
  }

  thawIfThere(): void {
    thawIfThere(this.#needFreezer());
  }

  async signalAll(signal: number): Promise<number> {
    return this.#place.claimed ? signalFrozen(this.#listing(), this.#freezer(), signal) : 0;
  }

  async kill(timeoutMs = 10_000): Promise<void> {
    if (this.#place.claimed) await killAll(this.#listing(), this.#freezer(), timeoutMs);
  }

  hasOomKilled(): boolean {
    try {
      const control = findController(this.#directories, 'memory')?.read('memory.oom_control');
      return /^oom_kill [1-9]/m.test(control ?? '');
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  stats(): CgroupStats {
    return readStats(this.#directories);
  }

  watchOom(): OomWatch | undefined {
    const memory = findController(this.#directories, 'memory');
    return memory && watchOom(memory);
  }

  removeEmpty(): boolean {
    return removeEmpty(this.#place, this.#directories);
  }

  async remove(): Promise<void> {
    try {
      await removeCgroups(this.#place, this.#directories);
    } finally {
      this.close();
    }
  }

  close(): void {
    for (const directory of this.#directories.values()) directory.close();
  }

  #freezer(): CgroupDirectory | undefined {
    return findController(this.#directories, 'freezer');
  }

  #needFreezer(): CgroupDirectory {
    const freezer = this.#freezer();
    if (freezer !== undefined) return freezer;
    throw new RuntimeError({
      operation: 'freeze or thaw the container',
      detail: 'the freezer cgroup controller is not mounted on this host',
    });
  }

  /** Every hierarchy lists the same processes; those that the freezer holds must be those that are signalled. */
  #listing(): CgroupDirectory {
    const [first] = this.#directories.values();
    const directory = this.#freezer() ?? first;
    if (directory === undefined) throw new TypeError('a place without hierarchies');
    return directory;
  }
}
