import { setSubreaper } from '../syscalls/wait.ts';
import { createContainer, makeContainer } from './create.ts';
import { deleteContainer } from './delete.ts';
import { Foreground } from './foreground.ts';
import type { Context, RunOptions, RunStreams, StartOptions } from './options.ts';
import { startContainer, startProgram } from './start.ts';

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
  if (options.detach) {
    await createContainer(context, options);
    await orDelete(context, options, () => startContainer(context, options));
    return 0;
  }
  const foreground = new Foreground(streams);
  try {
    return await runInForeground(context, options, foreground);
  } finally {
    foreground.close();
  }
}

async function orDelete<T>(
  context: Context,
  { id }: StartOptions,
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await deleteContainer(context, { id, force: true });
    throw error;
  }
}

async function runInForeground(
  context: Context,
  options: RunOptions,
  foreground: Foreground,
): Promise<number> {
  // Without a pid namespace of the container's, its orphans would go to whoever has started us.
  if (!options.noSubreaper) setSubreaper(true);
  const init = await makeContainer(context, {
    ...options,
    stdio: foreground.stdio,
    onTerminal: foreground.takeTerminal,
  });
  foreground.adopt(init);
  const readiness = await orDelete(context, options, () => startProgram(context, options));
  foreground.passSignals();
  // This process is what the service manager has started, and stays its main process.
  const passed = readiness?.passed(process.pid).catch((error: Error) => {
    context.log('warning', `pass on that the container is ready: ${error.message}`);
  });
  const code = await foreground.ended(!options.noSubreaper);
  await passed;
  readiness?.close();
  if (!options.keep) await deleteContainer(context, { id: options.id, force: true });
  return code;
}
