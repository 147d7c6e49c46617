import { RuntimeError } from '../error.ts';
import type { HelperFailure } from '../plan/wire.ts';
import { SyscallError } from '../syscalls/error.ts';
import { closeFile, removeFile } from '../syscalls/files.ts';
import { connectUnix } from '../syscalls/socket.ts';
import { becomeProgram } from './become-program.ts';
import { sendGo } from './channel.ts';
import { deleteContainer } from './delete.ts';
import { runRuntimeHooks } from './hooks.ts';
import { openInit } from './init-process.ts';
import { lockUnlessCreating } from './lock.ts';
import type { Context, StartOptions } from './options.ts';
import type { ContainerRecord } from './record.ts';
import { SIGKILL } from './signals.ts';
import { hookState } from './state.ts';
import { readCondition } from './status.ts';
import { FILES, type Held, openStore, type Store } from './store.ts';
import { checkTransition } from './transitions.ts';

/**
 * Has the program of a created container executed: `start` (runtime.md, "Start"). Where it is told of a socket for
 * notifications, it returns when the container says that it is ready, or has ended.
 *
 * @throws RuntimeError: no such container, not created, no process configured; a late failure of init, with its
 *   place in config.json; a hook that failed, after which the container is gone (runtime.md, "Lifecycle", 7 and 9)
 */
export async function startContainer(context: Context, options: StartOptions): Promise<void> {
  const readiness = await startProgram(context, options);
  if (readiness === undefined) return;
  try {
    await readiness.passed(readiness.pid);
  } finally {
    readiness.close();
  }
}

/** What the container will say about itself, for somebody who has other things to do meanwhile. */
export interface Readiness {
  /** Of init. */
  readonly pid: number;
  /**
   * @param mainPid what the caller is told as the main process of the service
   * @returns when the readiness was passed on, or never will be
   */
  passed(mainPid: number): Promise<void>;
  close(): void;
}

async function startProgram(
  context: Context,
  options: StartOptions,
): Promise<Readiness | undefined> {
  const { id } = options;
  const store = openStore(context.root);
  const held = await lockUnlessCreating(store, id, 'start');
  let record: ContainerRecord;
  try {
    record = store.load(id);
    const { status } = await readCondition(store, id, record, held);
    checkTransition('start', status, id);
  } catch (error) {
    held.release();
    throw error;
  }
  return startHeld(context, options, { store, held, record });
}

/**
 * Like {@link startContainer}, of a container that was made or checked by the caller, and without waiting for it to be
 * ready.
 *
 * @param container which is released
 * @returns what is to be passed on and closed, where the caller wants to hear of it
 */
export async function startHeld(
  context: Context,
  { id, notifySocket }: StartOptions,
  { store, held, record }: { store: Store; held: Held; record: ContainerRecord },
): Promise<Readiness | undefined> {
  let failure: { readonly error: unknown; readonly ofHook: boolean } | undefined;
  let readiness: Readiness | undefined;
  let started: ContainerRecord | undefined;
  try {
    if (!record.hasProcess) {
      // It can never be anything but `created`, so it ends here.
      await endInit(record);
      throw new RuntimeError({
        operation: '',
        detail: 'cannot start a container without a process: its config.json has none',
        pointer: '/process',
      });
    }
    // Before the program runs, which may say that it is ready at once.
    if (notifySocket !== undefined) readiness = await expectReadiness(store, record, notifySocket);
    failure = await letGo(store, held, record);
    started = failure === undefined ? record : undefined;
  } catch (error) {
    readiness?.close();
    throw error;
  } finally {
    held.release();
  }
  // The container runs, and nothing is changed any more: a hook may call the runtime for it.
  if (started !== undefined) failure = await runPoststartHooks(started);
  if (failure === undefined) return readiness;
  readiness?.close();
  if (failure.ofHook) await deleteContainer(context, { id, force: true, only: record });
  throw failure.error;
}

async function expectReadiness(
  store: Store,
  record: ContainerRecord,
  socket: string,
): Promise<Readiness | undefined> {
  const { openNotifyProxy } = await import('./notify.ts');
  const proxy = openNotifyProxy(store.file(record.id, 'notify'), socket);
  const init = openInit(record);
  const close = () => {
    proxy?.close();
    init?.close();
  };
  if (proxy === undefined || init === undefined) {
    close();
    return undefined;
  }
  const { pid } = record;
  return { pid, close, passed: (mainPid) => proxy.passReadiness(init, mainPid) };
}

async function endInit(record: ContainerRecord): Promise<void> {
  const init = openInit(record);
  if (init === undefined) return;
  try {
    init.signal(SIGKILL);
    await init.ended(-1);
  } finally {
    init.close();
  }
}

/** Tells init to go on, and listens until the program runs. */
async function letGo(store: Store, held: Held, record: ContainerRecord) {
  const channel = connect(held, record);
  try {
    tellToGo(channel);
    const failure = await becomeProgram(channel, {
      pid: record.pid,
      operation: 'start the container',
      onListener: async (listener) => {
        const { sendSeccompListener } = await import('./seccomp-listener.ts');
        sendSeccompListener(store.file(record.id, 'config'), record, listener);
      },
    });
    if (failure !== undefined) return explain(store, record, failure);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    const { explainDeath } = await import('./explain-death.ts');
    throw await explainDeath(store, record, error);
  } finally {
    closeFile(channel);
  }
  removeFile(store.file(record.id, 'start'));
  return undefined;
}

function tellToGo(channel: number): void {
  try {
    sendGo(channel);
  } catch (error) {
    // It has ended; the channel tells why, if it could.
    if (!(error instanceof SyscallError) || error.code !== 'EPIPE') throw error;
  }
}

function connect(held: Held, { id }: ContainerRecord): number {
  try {
    return connectUnix(held.descriptor, FILES.start);
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    throw new RuntimeError({
      operation: `start container ${id}`,
      detail: `its init does not listen any more (${cause.code}): it has ended, or another start was faster`,
      code: cause.code,
      cause,
    });
  }
}

async function explain(store: Store, { id, hooks }: ContainerRecord, failure: HelperFailure) {
  const { findPlan } = await import('./kept-plan.ts');
  const plan = findPlan(store, id);
  // Without the plan nobody knows which step it was: a container with such hooks is taken for one that they have failed.
  const ofHook =
    plan === undefined
      ? hooks.startContainer !== undefined && hooks.startContainer.length > 0
      : plan.steps[failure.step]?.step.kind === 'runHook';
  const { explainFailure } = await import('../plan/report.ts');
  return { error: explainFailure(failure, plan), ofHook };
}

async function runPoststartHooks(record: ContainerRecord) {
  const hooks = record.hooks.poststart ?? [];
  if (hooks.length === 0) return undefined;
  const state = hookState(record, 'running', record.pid);
  try {
    await runRuntimeHooks(hooks, 'poststart', state, '/hooks/poststart', {
      directory: record.bundle,
    });
  } catch (error) {
    return { error, ofHook: true };
  }
  return undefined;
}
