import type { CgroupEntrance, CgroupManager } from '../cgroups/manager.ts';
import type { cgroupMounts } from '../cgroups/mounts.ts';
import { compileCreate } from '../plan/compile.ts';
import { encodePlan, type Fault } from '../plan/encode.ts';
import type { HookState } from '../plan/input.ts';
import { keepPlan } from '../plan/kept.ts';
import type { Plan } from '../plan/step.ts';
import type { Spec } from '../spec/types.ts';
import { closeFile } from '../syscalls/files.ts';
import { checksum } from '../syscalls/identity.ts';
import { listenUnix } from '../syscalls/socket.ts';
import type { Child } from '../syscalls/spawn.ts';
import { activate } from './activation.ts';
import { handOverTerminal, sendPidfd } from './console.ts';
import { runRuntimeHooks } from './hooks.ts';
import { readHostFacts } from './host.ts';
import { detachHostMounts } from './host-mounts.ts';
import { writeIdMappings } from './id-mappings.ts';
import { launchInit, type RuntimeStep } from './launch.ts';
import { makeNotifyDirectory } from './notify.ts';
import type { Context, CreateOptions } from './options.ts';
import { writePidFile } from './pid-file.ts';
import { runPoststopHooks } from './poststop.ts';
import { readProcess } from './procfs.ts';
import type { ContainerRecord } from './record.ts';
import { compileProfile } from './seccomp-profile.ts';
import { hookState } from './state.ts';
import { FILES, type Held, type Store } from './store.ts';

/** What `create` is told by those who are not the command line. */
export interface MakeOptions extends CreateOptions {
  /** Descriptors that become 0, 1 and 2 of the container, where it has no terminal. */
  readonly stdio: readonly [number, number, number];
  /** Takes the terminal's master instead of a console socket. */
  readonly onTerminal?: ((master: number) => Promise<void>) | undefined;
  /** What a test asks to fail. */
  readonly fault?: Fault | undefined;
}

/** One create: what it has made so far, and how to take it back. */
export class Maker {
  readonly #context: Context;
  readonly #options: MakeOptions;
  readonly #spec: Spec;
  readonly #store: Store;
  readonly #cgroups: CgroupManager;
  #record: ContainerRecord;
  #ownsCgroups = false;
  /** What travels with the plan and is no one else's, until it was sent. */
  readonly #toSend: number[] = [];

  constructor(
    context: Context,
    options: MakeOptions,
    spec: Spec,
    store: Store,
    cgroups: CgroupManager,
    record: ContainerRecord,
  ) {
    this.#context = context;
    this.#options = options;
    this.#spec = spec;
    this.#store = store;
    this.#cgroups = cgroups;
    this.#record = record;
  }

  /** As it was last saved. */
  get record(): ContainerRecord {
    return this.#record;
  }

  async make(
    held: Held,
    config: Uint8Array,
    preserved: readonly number[],
    mounts: ReturnType<typeof cgroupMounts>,
  ): Promise<Child> {
    const { id, fault, stdio, notifySocket } = this.#options;
    this.#store.save(this.#record);
    // Before there is a cgroup: where the record is damaged, this says which one it was (salvage.ts).
    this.#store.keep(id, 'config', config);
    if (notifySocket !== undefined) makeNotifyDirectory(this.#store.file(id, 'notify'));
    const plan = await this.#compile(mounts);
    const sent = encodePlan(plan, fault);
    const gate = listenUnix(held.descriptor, FILES.start);
    try {
      return await launchInit({
        plan,
        sent,
        slots: () => [gate, ...preserved, ...this.#toSend],
        stdio,
        runStep: (step, process) => this.#runStep(step, process),
        onInit: (init) => this.#note(init),
        onTerminal: (master) => this.#takeTerminal(master),
        meanwhile: () => {
          this.#closeSent();
          this.#store.keep(id, 'plan', keepPlan(plan, sent, checksum));
        },
      });
    } finally {
      closeFile(gate);
      this.#closeSent();
    }
  }

  #keepToSend({ tasks, directory }: CgroupEntrance): void {
    this.#toSend.push(...tasks);
    if (directory !== undefined) this.#toSend.push(directory);
  }

  #closeSent(): void {
    for (const descriptor of this.#toSend.splice(0)) closeFile(descriptor);
  }

  /** Takes back what was made; what cannot be taken back is logged, because the first failure is what counts. */
  async undo(): Promise<void> {
    const attempts: (() => unknown)[] = [];
    if (this.#ownsCgroups) {
      attempts.push(
        () => this.#cgroups.kill(),
        () => this.#cgroups.remove(),
      );
    }
    attempts.push(
      () => detachHostMounts(this.#record),
      () => this.#store.remove(this.#record.id),
    );
    // "Continue the lifecycle at step 12" (runtime.md, "Lifecycle"): for a container of which there was something.
    if (this.#record.pid !== 0) attempts.push(() => runPoststopHooks(this.#context, this.#record));
    for (const attempt of attempts) {
      try {
        await attempt();
      } catch (error) {
        this.#context.log('warning', error instanceof Error ? error.message : String(error));
      }
    }
  }

  async #compile(mounts: ReturnType<typeof cgroupMounts>): Promise<Plan> {
    const { id, bundle, noPivot, noNewKeyring, preserveFds, listenFds = 0 } = this.#options;
    const wantsNotifications = this.#options.notifySocket !== undefined;
    const notifyDirectory = wantsNotifications ? this.#store.file(id, 'notify') : undefined;
    const { plan, warnings } = compileCreate({
      ...activate(this.#spec, { listenFds, notifyDirectory }),
      id,
      bundle,
      rootfs: this.#record.rootfs,
      facts: readHostFacts(mounts, this.#cgroups.entranceSize),
      noPivot,
      noNewKeyring,
      preserveFds: listenFds + preserveFds,
      seccomp: await compileProfile(this.#spec, this.#context, 'warning'),
      hookState: () => this.#stateWithoutPid(),
    });
    for (const warning of warnings) this.#context.log('warning', warning);
    return plan;
  }

  #stateWithoutPid(): HookState {
    // No text of the state can contain the marker: a quote inside of one is escaped.
    const marker = 2147483647;
    const [beforePid = '', afterPid = ''] = hookState(this.#record, 'created', marker).split(
      `"pid":${marker}`,
    );
    return { beforePid: `${beforePid}"pid":`, afterPid };
  }

  async #runStep(step: RuntimeStep, process: Child): Promise<void> {
    switch (step.kind) {
      case 'makeCgroup':
        this.#cgroups.create();
        this.#ownsCgroups = true;
        // Most are made as they were planned, which is recorded already.
        if (this.#cgroups.place !== this.#record.cgroup) {
          this.#record = { ...this.#record, cgroup: this.#cgroups.place };
          this.#store.save(this.#record);
        }
        this.#keepToSend(this.#cgroups.entrance());
        break;
      case 'writeIdMappings':
        writeIdMappings(process.pid, step);
        break;
      case 'applyResources':
        for (const warning of this.#cgroups.apply(this.#spec.linux?.resources)) {
          this.#context.log('warning', warning);
        }
        break;
      case 'runtimeHooks':
        // `creating` is step 2 of the lifecycle, and these hooks are steps 3 and 4 (runtime.md, "State").
        await this.#runHooks(step.phase as 'prestart' | 'createRuntime', process.pidfd);
        break;
      case 'record':
        if (this.#options.pidFile !== undefined) {
          writePidFile(this.#options.pidFile, process.pid);
        }
        if (this.#options.pidfdSocket !== undefined) {
          sendPidfd(this.#options.pidfdSocket, process.pidfd);
        }
        this.#record = { ...this.#record, stage: 'created' };
        this.#store.save(this.#record);
        break;
      case 'writePid':
        throw new TypeError('writePid is a step of exec');
      default:
        step satisfies never;
    }
  }

  /** From here on `delete --force` finds the process, even if this one is killed. */
  #note({ pid }: Child): void {
    const startTime = readProcess(pid)?.startTime ?? '';
    this.#record = { ...this.#record, pid, startTime };
    this.#store.save(this.#record);
  }

  async #takeTerminal(master: number): Promise<void> {
    const { onTerminal, consoleSocket } = this.#options;
    if (onTerminal === undefined) handOverTerminal(consoleSocket, master);
    else await onTerminal(master);
  }

  async #runHooks(kind: 'prestart' | 'createRuntime', init: number): Promise<void> {
    const hooks = this.#record.hooks[kind] ?? [];
    const state = hookState(this.#record, 'created', this.#record.pid);
    const directory = this.#record.bundle;
    await runRuntimeHooks(hooks, kind, state, `/hooks/${kind}`, { directory, init });
  }
}
