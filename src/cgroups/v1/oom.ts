import { RuntimeError } from '../../error.ts';
import { eventfd, readEventAsync } from '../../syscalls/event.ts';
import { closeFile, writeSome } from '../../syscalls/files.ts';
import { codeOf, inWordsForCgroup } from '../errno.ts';
import type { OomWatch } from '../manager.ts';
import { type CgroupDirectory, isGone } from './directory.ts';

const CONTROL = 'memory.oom_control';
const ONE_EVENT = new Uint8Array(new BigUint64Array([1n]).buffer);

/**
 * Has the kernel tell of each time that the cgroup runs out of memory (cgroup-v1/memory.rst, "OOM Control"): it writes
 * to an eventfd, and once more when the cgroup is removed.
 *
 * @throws RuntimeError
 */
export function watchOom(directory: CgroupDirectory): OomWatch {
  const events = register(directory);
  let isClosed = false;
  let reading: Promise<void> | undefined;
  return {
    async next() {
      // Its number may already stand for another file.
      if (isClosed) return 'removed';
      reading = readEventAsync(events);
      await reading;
      reading = undefined;
      return isClosed || !isThere(directory) ? 'removed' : 'oom';
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      // A thread that reads must not do so from a number that stands for another file by then.
      if (reading !== undefined) {
        writeSome(events, ONE_EVENT);
        // Its failure, if it has one, is told by `next`.
        await reading.catch(() => {});
      }
      closeFile(events);
    },
  };
}

function register(directory: CgroupDirectory): number {
  const events = eventfd();
  try {
    const control = directory.openForReading(CONTROL);
    try {
      directory.write('cgroup.event_control', `${events} ${control}`);
    } finally {
      closeFile(control);
    }
    return events;
  } catch (cause) {
    closeFile(events);
    if (cause instanceof RuntimeError) throw cause;
    const code = codeOf(cause);
    throw new RuntimeError({
      operation: `watch ${directory.path}/${CONTROL}`,
      detail: inWordsForCgroup(code),
      path: directory.path,
      code,
      cause,
    });
  }
}

function isThere(directory: CgroupDirectory): boolean {
  try {
    directory.read(CONTROL);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
