import { closeFile } from '../syscalls/files.ts';
import { setSubreaper } from '../syscalls/wait.ts';
import { type Made, makeContainer } from './create.ts';
import { deleteContainer } from './delete.ts';
import { Foreground } from './foreground.ts';
import type { Context, RunOptions, RunStreams } from './options.ts';
import { type Readiness, startHeld } from './start.ts';

/**
 * Creates and starts a container: `run`. In the foreground it passes signals on, relays the terminal, waits for the
 * program, and deletes the container.
 *
 * @returns the exit code of the program, 128 + n where signal n ended it, or 0 when detached
 * @throws RuntimeError, SpecError: whatever failed before the program ran; of the container nothing is left then
 */
export async function runContainer(
  context: Context,
  options: RunOptions,
  streams: RunStreams,
): Promise<number> {
  if (options.detach) return runDetached(context, options);
  const foreground = new Foreground(streams);
  try {
    return await runInForeground(context, options, foreground);
  } finally {
    foreground.close();
  }
}

async function runDetached(context: Context, options: RunOptions): Promise<number> {
  const stdio = [0, 1, 2] as const;
  const made = await makeContainer(context, { ...options, stdio });
  closeFile(made.init.pidfd);
  const readiness = await startOrDelete(context, options, made);
  await readiness?.passed(readiness.pid).finally(readiness.close);
  return 0;
}

async function startOrDelete(
  context: Context,
  options: RunOptions,
  made: Made,
  foreground?: Foreground,
): Promise<Readiness | undefined> {
  let isHeld = true;
  try {
    foreground?.adopt(made.init);
    isHeld = false;
    return await startHeld(context, options, made);
  } catch (error) {
    if (isHeld) made.held.release();
    await deleteMade(context, made);
    throw error;
  }
}

async function deleteMade(context: Context, { record }: Made): Promise<void> {
  await deleteContainer(context, { id: record.id, force: true, only: record });
}

async function runInForeground(
  context: Context,
  options: RunOptions,
  foreground: Foreground,
): Promise<number> {
  // Without a pid namespace of the container's, its orphans would go to whoever has started us.
  if (!options.noSubreaper) setSubreaper(true);
  const made = await makeContainer(context, {
    ...options,
    stdio: foreground.stdio,
    onTerminal: foreground.takeTerminal,
  });
  const readiness = await startOrDelete(context, options, made, foreground);
  // This process is what the service manager has started, and stays its main process.
  const passed = readiness?.passed(process.pid).catch((error: Error) => {
    context.log('warning', `pass on that the container is ready: ${error.message}`);
  });
  const code = await foreground.ended({
    reapsOthers: !options.noSubreaper,
    hasOtherWork: readiness !== undefined,
  });
  await passed;
  readiness?.close();
  if (!options.keep) await deleteMade(context, made);
  return code;
}
