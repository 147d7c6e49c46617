import { RuntimeError } from '../error.ts';
import { shapeOf } from '../plan/encode.ts';
import { STAGES, type Stage } from '../plan/stages.ts';
import type { Plan, PlannedStep, Step } from '../plan/step.ts';
import type { RUNTIME_STEPS } from '../plan/steps/runtime.ts';
import type { HelperFailure } from '../plan/wire.ts';
import { SyscallError } from '../syscalls/error.ts';
import { closeFile } from '../syscalls/files.ts';
import { memfd } from '../syscalls/memfd.ts';
import { socketpair } from '../syscalls/socket.ts';
import { type Child, spawnHelper } from '../syscalls/spawn.ts';
import { type Exit, pidfdSendSignal, waitExit } from '../syscalls/wait.ts';
import { becomeProgram } from './become-program.ts';
import { receiveRecord, sendPlan, sendProceed } from './channel.ts';
import { SIGKILL } from './signals.ts';

/** The steps of a plan that the runtime does itself. */
export type RuntimeStep = Extract<Step, { kind: keyof typeof RUNTIME_STEPS }>;

export interface LaunchOptions {
  readonly plan: Plan;
  /** The helper's part of it, encoded. */
  readonly sent: Uint8Array;
  /** Gives the descriptors for the plan's slots, in order, once the steps before the first one of the helper are done. */
  readonly slots: () => readonly number[];
  /** Descriptors that become 0, 1 and 2. */
  readonly stdio: readonly [number, number, number];
  /**
   * Does a step of the runtime.
   *
   * @param process the outer helper before there is an init, then init
   */
  readonly runStep: (step: RuntimeStep, process: Child) => Promise<void>;
  /** Told of init as soon as there is one, before it does anything that lasts. */
  readonly onInit: (init: Child) => void;
  /** What has time until the helper has something to say: it is done while the helper works. */
  readonly meanwhile?: (() => void) | undefined;
  /** Takes the master of the container's terminal, which is the callee's from then on. */
  readonly onTerminal: (master: number) => Promise<void>;
  /**
   * For a plan that does not wait for `start`, but becomes its program: takes the listener of a seccomp profile that
   * notifies, which stays the caller's.
   */
  readonly onListener?: ((listener: number, process: Child) => Promise<void>) | undefined;
}

/**
 * Has a plan carried out up to its last barrier, or up to the program with `onListener`: starts the helper, hands it
 * the plan, and does the steps of the runtime where the plan has them. Init is a child of this process afterwards.
 *
 * @returns init; the caller owns the pidfd
 * @throws RuntimeError that names the step and its origin; no process is left then
 */
export async function launchInit(options: LaunchOptions): Promise<Child> {
  const [channel, helperEnd] = socketpair();
  const launch = new Launch(options, channel);
  try {
    try {
      launch.helper = spawnHelper(options.stdio, helperEnd, 'runts-init');
    } finally {
      closeFile(helperEnd);
    }
    return await launch.run();
  } catch (error) {
    launch.end();
    throw error;
  } finally {
    closeFile(channel);
  }
}

class Launch {
  readonly #options: LaunchOptions;
  readonly #channel: number;
  helper: Child | undefined;
  #init: Child | undefined;

  constructor(options: LaunchOptions, channel: number) {
    this.#options = options;
    this.#channel = channel;
  }

  async run(): Promise<Child> {
    const { plan, sent, slots } = this.#options;
    await this.#runSteps(0);
    const file = memfd('runts-plan', sent, true);
    try {
      sendPlan(this.#channel, file, sent.length, slots());
    } finally {
      closeFile(file);
    }
    this.#options.meanwhile?.();
    for (let index = 0; index < plan.steps.length; index++) {
      const { step } = plan.steps[index] as PlannedStep;
      if (step.kind !== 'barrier') continue;
      await this.#reach(STAGES[step.stage] as Stage);
      await this.#runSteps(index + 1);
      await this.#proceed(step.stage);
    }
    const init = this.#init;
    if (init === undefined || this.helper === undefined) throw broken('a plan without a barrier');
    reap(this.helper);
    this.helper = undefined;
    const { onListener } = this.#options;
    if (onListener !== undefined) await this.#follow(init, onListener);
    return init;
  }

  async #follow(
    init: Child,
    onListener: (listener: number, process: Child) => Promise<void>,
  ): Promise<void> {
    const failure = await becomeProgram(this.#channel, {
      pid: init.pid,
      operation: 'run the program',
      onListener: (listener) => onListener(listener, init),
    });
    if (failure !== undefined) throw await explain(failure, this.#options.plan);
  }

  /** Ends and reaps what was started; what has ended already is only reaped. */
  end(): void {
    for (const child of [this.#init, this.helper]) {
      if (child === undefined) continue;
      try {
        pidfdSendSignal(child.pidfd, SIGKILL);
      } catch {
        // Reaped already: it has ended, which is what is wanted.
      }
      reap(child);
    }
  }

  /** Does the runtime's steps that stand in the plan from `index` on, up to the next one of the helper. */
  async #runSteps(index: number): Promise<void> {
    const process = this.#init ?? this.helper;
    if (process === undefined) throw broken('a step without a process');
    const { steps } = this.#options.plan;
    for (let at = index; at < steps.length; at++) {
      const { step } = steps[at] as PlannedStep;
      if (shapeOf(step.kind) !== undefined) return;
      await this.#options.runStep(step as RuntimeStep, process);
    }
  }

  /**
   * Receives records until init stands at the barrier. Init does nothing before the outer helper has told of it, so
   * whatever comes from an unknown one comes from one whose helper was killed.
   */
  async #reach(stage: Stage): Promise<void> {
    for (;;) {
      const received = await receiveRecord(this.#channel);
      if (received === undefined) throw this.#explainEnd();
      const { record, descriptor } = received;
      if (record.type === 'failed') throw await explain(record, this.#options.plan);
      if (record.type === 'child' && descriptor !== undefined && this.#init === undefined) {
        this.#init = { pid: record.pid, pidfd: descriptor };
        this.#options.onInit(this.#init);
        continue;
      }
      if (this.#init !== undefined) {
        if (record.type === 'barrier' && record.stage === STAGES.indexOf(stage)) return;
        if (record.type === 'terminal' && descriptor !== undefined) {
          await this.#options.onTerminal(descriptor);
          continue;
        }
      }
      if (descriptor !== undefined) closeFile(descriptor);
      if (this.#init === undefined) throw this.#explainEnd();
      throw broken(`it reported ${record.type} where the barrier "${stage}" was expected`);
    }
  }

  /** An init that has ended meanwhile takes no order; why it has may stand in the channel. */
  async #proceed(stage: number): Promise<void> {
    try {
      sendProceed(this.#channel, stage);
    } catch (error) {
      if (!(error instanceof SyscallError) || error.code !== 'EPIPE') throw error;
      const received = await receiveRecord(this.#channel);
      if (received?.record.type === 'failed') {
        throw await explain(received.record, this.#options.plan);
      }
      if (received?.descriptor !== undefined) closeFile(received.descriptor);
      throw this.#explainEnd();
    }
  }

  /** The channel ended without a report: whoever held it last has died. */
  #explainEnd(): RuntimeError {
    const last = this.#init ?? this.helper;
    if (last === undefined) return broken('it never was');
    const exit = waitExit(last.pidfd);
    if (last === this.#init) this.#init = closed(last);
    else this.helper = closed(last);
    return broken(`it ${describeExit(exit)} without a report`);
  }
}

function closed({ pidfd }: Child): undefined {
  closeFile(pidfd);
  return undefined;
}

function reap({ pidfd }: Child): void {
  waitExit(pidfd);
  closeFile(pidfd);
}

function describeExit(exit: Exit): string {
  if ('code' in exit) return `exited with code ${exit.code}`;
  const remedy =
    exit.signal === SIGKILL
      ? ' (by somebody, or because the memory limit of its cgroup is too low)'
      : '';
  return `was killed by signal ${exit.signal}${remedy}`;
}

function broken(detail: string): RuntimeError {
  return new RuntimeError({ operation: 'run the init helper', detail, code: 'EPROTO' });
}

/** The words are loaded when there is something to say. */
async function explain(failure: HelperFailure, plan: Plan): Promise<RuntimeError> {
  const { explainFailure } = await import('../plan/report.ts');
  return explainFailure(failure, plan);
}
