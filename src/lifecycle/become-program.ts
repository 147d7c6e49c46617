import { RuntimeError } from '../error.ts';
import type { HelperFailure } from '../plan/wire.ts';
import { closeFile } from '../syscalls/files.ts';
import { type Received, receiveRecord } from './channel.ts';
import { isProgramReached } from './procfs.ts';

export interface Listening {
  /** Of the process that is to become the program. */
  readonly pid: number;
  /** For messages: `start the container`. */
  readonly operation: string;
  /** Takes the listener of a seccomp profile that notifies, which stays the caller's. */
  readonly onListener: (listener: number) => Promise<void>;
}

/**
 * Listens to a process until it has become its program: the end of file after the announcement, and only after that.
 *
 * @returns the failure that it reports instead
 * @throws RuntimeError where it has ended without a report
 */
export async function becomeProgram(
  channel: number,
  { pid, operation, onListener }: Listening,
): Promise<HelperFailure | undefined> {
  const ended = (when: string): RuntimeError =>
    new RuntimeError({ operation, detail: `its init ended ${when}` });
  let isAnnounced = false;
  for (;;) {
    const received = await receiveRecord(channel);
    if (received === undefined) break;
    if (received.record.type === 'aboutToExecute') isAnnounced = true;
    else if (received.record.type === 'failed') return received.record;
    else if (!(await takeListener(received, onListener))) {
      throw ended(`after it had reported ${received.record.type}, which nobody expected`);
    }
  }
  if (!isAnnounced) throw ended('before it came to executing the program');
  // End of file after the announcement: execve has closed the channel, or the process has died in between.
  if (!isProgramReached(pid)) {
    throw ended('when it executed the program: does the seccomp profile allow execve?');
  }
  return undefined;
}

/** @returns false for anything else */
async function takeListener(
  { record, descriptor }: Received,
  onListener: Listening['onListener'],
): Promise<boolean> {
  if (descriptor === undefined) return false;
  try {
    if (record.type !== 'seccompListener') return false;
    await onListener(descriptor);
    return true;
  } finally {
    closeFile(descriptor);
  }
}
