import { createContainer, makeContainer } from './create.ts';
import { deleteContainer } from './delete.ts';
import { Foreground } from './foreground.ts';
import type { Context, RunOptions, RunStreams } from './options.ts';
import { startContainer } from './start.ts';

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
    await startOrDelete(context, options.id);
    return 0;
  }
  const foreground = new Foreground(streams);
  try {
    return await runInForeground(context, options, foreground);
  } finally {
    foreground.close();
  }
}

async function startOrDelete(context: Context, id: string): Promise<void> {
  try {
    await startContainer(context, id);
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
  const init = await makeContainer(context, {
    ...options,
    stdio: foreground.stdio,
    onTerminal: foreground.takeTerminal,
  });
  foreground.adopt(init);
  await startOrDelete(context, options.id);
  foreground.passSignals();
  const code = await foreground.ended();
  if (!options.keep) await deleteContainer(context, { id: options.id, force: true });
  return code;
}
