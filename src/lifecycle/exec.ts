import { RuntimeError } from '../error.ts';
import { compileExec } from '../plan/compile-exec.ts';
import { encodePlan } from '../plan/encode.ts';
import { type ExecProcess, mergeProcess } from '../plan/exec-process.ts';
import type { SeccompProgram } from '../plan/input.ts';
import type { Plan } from '../plan/step.ts';
import type { Spec } from '../spec/types.ts';
import { closeFile, readText } from '../syscalls/files.ts';
import type { Child } from '../syscalls/spawn.ts';
import { preservedDescriptors } from './activation.ts';
import { handOverTerminal, sendPidfd } from './console.ts';
import { enteredNamespaces } from './entered-namespaces.ts';
import { type OpenedCgroups, openExecCgroups } from './exec-cgroups.ts';
import { checkLabels, checkTerminal } from './exec-checks.ts';
import type { ExecOptions } from './exec-options.ts';
import { Foreground } from './foreground.ts';
import { errnoOf, fileError } from './fs-error.ts';
import { readHostFacts } from './host.ts';
import { openInit } from './init-process.ts';
import { launchInit, type RuntimeStep } from './launch.ts';
import type { Context, RunStreams } from './options.ts';
import { writePidFile } from './pid-file.ts';
import type { ContainerRecord } from './record.ts';
import { compileProfile } from './seccomp-profile.ts';
import { readCondition } from './status.ts';
import { doesNotExist, openStore, type Store } from './store.ts';
import { checkTransition, transitionError } from './transitions.ts';

/**
 * Runs a program in a container that is there already: `exec`. In the foreground it passes signals on, relays the
 * terminal and waits for the program.
 *
 * @returns the exit code of the program, 128 + n where signal n ended it, or 0 when detached
 * @throws RuntimeError, SpecError: whatever failed before the program ran; no process is left then
 */
export async function execInContainer(
  context: Context,
  options: ExecOptions,
  streams: RunStreams,
): Promise<number> {
  const store = openStore(context.root);
  const record = store.load(options.id);
  const { status } = await readCondition(store, options.id, record);
  checkTransition(options.ignorePaused ? 'execPaused' : 'exec', status, options.id);
  const executor = await Executor.open(context, options, store, record);
  if (options.detach) {
    const { input, output, error } = streams;
    const { pidfd } = await executor.launch([input, output, error], async (master) =>
      handOverTerminal(options.consoleSocket, master),
    );
    closeFile(pidfd);
    return 0;
  }
  const foreground = new Foreground(streams);
  try {
    foreground.adopt(await executor.launch(foreground.stdio, foreground.takeTerminal));
    return await foreground.ended();
  } finally {
    foreground.close();
  }
}

class Executor {
  readonly #context: Context;
  readonly #options: ExecOptions;
  readonly #store: Store;
  readonly #record: ContainerRecord;
  readonly #spec: Spec;
  readonly #asked: ExecProcess;
  readonly #preserved: readonly number[];

  private constructor(
    context: Context,
    options: ExecOptions,
    store: Store,
    record: ContainerRecord,
    spec: Spec,
    asked: ExecProcess,
  ) {
    this.#context = context;
    this.#options = options;
    this.#store = store;
    this.#record = record;
    this.#spec = spec;
    this.#asked = asked;
    this.#preserved = preservedDescriptors(options.preserveFds);
  }

  /** Reads what is to be run, and refuses what cannot be. */
  static async open(
    context: Context,
    options: ExecOptions,
    store: Store,
    record: ContainerRecord,
  ): Promise<Executor> {
    const spec = await readConfig(store.file(record.id, 'config'));
    const asked = mergeProcess(spec.process, { ...options, file: await readAsked(options, spec) });
    checkTerminal(asked.process.terminal === true, options);
    return new Executor(context, options, store, record, spec, asked);
  }

  /**
   * Starts the process and follows it until the program runs.
   *
   * @returns the process, a child of this one; the pidfd is the caller's
   */
  async launch(
    stdio: readonly [number, number, number],
    onTerminal: (master: number) => Promise<void>,
  ): Promise<Child> {
    const seccomp = await compileProfile(this.#spec, this.#context, 'debug');
    const init = openInit(this.#record);
    if (init === undefined) throw transitionError('exec', 'stopped', this.#record.id);
    let cgroups: OpenedCgroups | undefined;
    try {
      cgroups = openExecCgroups(this.#record, this.#options.cgroups);
      const slots = [init.pidfd, ...this.#preserved, ...cgroups.descriptors];
      const plan = this.#compile(cgroups.size, seccomp);
      return await launchInit({
        plan,
        slots: () => slots,
        stdio,
        sent: encodePlan(plan, this.#options.chooseFault?.(plan)),
        runStep: async (step, process) => runStep(step, process),
        onInit: ({ pidfd }) => {
          const { pidfdSocket } = this.#options;
          if (pidfdSocket !== undefined) sendPidfd(pidfdSocket, pidfd);
        },
        onTerminal,
        onListener: (listener, process) => this.#sendListener(listener, process),
      });
    } catch (error) {
      // Init ends, and has no namespaces any more (setns(2)).
      const isGone = error instanceof RuntimeError && error.code === 'ESRCH';
      throw (isGone && transitionError('exec', 'stopped', this.#record.id)) || error;
    } finally {
      init.close();
      cgroups?.close();
    }
  }

  #compile(entrance: OpenedCgroups['size'], seccomp: SeccompProgram | undefined): Plan {
    const { id, rootfs, sessionKeyring, pid } = this.#record;
    const { preserveFds, pidFile, cgroups, capabilities, processFile } = this.#options;
    const facts = readHostFacts([], entrance);
    checkLabels(this.#options, facts.lsm);
    const { plan, warnings } = compileExec({
      ...this.#asked,
      spec: this.#spec,
      id,
      rootfs,
      facts,
      entered: enteredNamespaces(pid),
      cgroups: cgroups.map(({ controllers, path }) => [controllers.join(','), path].join(':')),
      sessionKeyring,
      preserveFds,
      seccomp,
      pidFile,
    });
    for (const warning of warnings) {
      // What is about config.json was told at create.
      const isNew =
        processFile !== undefined || capabilities.some((name) => warning.includes(name));
      this.#context.log(isNew ? 'warning' : 'debug', warning);
    }
    return plan;
  }

  async #sendListener(listener: number, { pid }: Child): Promise<void> {
    const { sendSeccompListener } = await import('./seccomp-listener.ts');
    const config = this.#store.file(this.#record.id, 'config');
    sendSeccompListener(config, this.#record, listener, pid);
  }
}

function runStep(step: RuntimeStep, process: Child): void {
  if (step.kind !== 'writePid') throw new TypeError(`${step.kind} is no step of exec`);
  writePidFile(step.path, process.pid);
}

/**
 * Reads what `create` has validated, and nobody but its owner could change since: the platform's parser is enough for
 * it, but for integers that a number does not hold.
 */
async function readConfig(path: string): Promise<Spec> {
  let text: string;
  try {
    text = readText(path);
  } catch (cause) {
    throw errnoOf(cause) === 'ENOENT' ? doesNotExist() : fileError(`read ${path}`, path, cause);
  }
  const spec: unknown = JSON.parse(text);
  if (areExact([spec])) return spec as Spec;
  const { parseJson } = await import('../spec/json.ts');
  return parseJson(new TextEncoder().encode(text), path).value as Spec;
}

/** Whether no number in there can have lost digits when it was parsed. */
function areExact(values: readonly unknown[]): boolean {
  for (const value of values) {
    if (typeof value === 'object') {
      if (value !== null && !areExact(Array.isArray(value) ? value : Object.values(value))) {
        return false;
      }
    } else if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      return false;
    }
  }
  return true;
}

async function readAsked({ processFile }: ExecOptions, spec: Spec) {
  if (processFile === undefined) return undefined;
  const { readProcessFile } = await import('./process-file.ts');
  return readProcessFile(processFile, spec);
}
