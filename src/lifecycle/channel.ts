import { RuntimeError } from '../error.ts';
import { decodeRecord, encodeOrder, type HelperRecord, RECORD_BYTES } from '../plan/wire.ts';
import { SyscallError } from '../syscalls/error.ts';
import { closeFile } from '../syscalls/files.ts';
import {
  hasMessage,
  receiveMessage,
  receiveMessageAsync,
  sendMessage,
} from '../syscalls/socket.ts';

/** A record with the descriptor that came with it, which the receiver owns. */
export interface Received {
  readonly record: HelperRecord;
  readonly descriptor: number | undefined;
}

/** The records that carry a descriptor; with any other one it would be a leak, and without one an error. */
const CARRIERS: ReadonlySet<HelperRecord['type']> = new Set([
  'child',
  'terminal',
  'seccompListener',
]);

/**
 * Waits for the helper's next record.
 *
 * @returns undefined at the end of file
 * @throws RuntimeError for a message that no helper sends: short, of another kind, with an unexpected descriptor
 */
export async function receiveRecord(channel: number): Promise<Received | undefined> {
  const message = await receive(channel);
  if (message === null) return undefined;
  const record = decodeRecord(message.data);
  const [descriptor] = message.fds;
  if (record === undefined || CARRIERS.has(record.type) !== (descriptor !== undefined)) {
    if (descriptor !== undefined) closeFile(descriptor);
    throw new RuntimeError({
      operation: 'read the report of the init helper',
      detail: `got ${message.data.length} bytes that make no record of it`,
      code: 'EPROTO',
    });
  }
  return { record, descriptor };
}

/**
 * The helper answers within a millisecond or two, which is what another thread would need to come and go; with hooks,
 * or slow mounts, it takes longer, and this one has other things to do.
 */
const SOON_MS = 10;

async function receive(channel: number) {
  try {
    if (hasMessage(channel, SOON_MS)) return receiveMessage(channel, RECORD_BYTES, 1);
    return await receiveMessageAsync(channel, RECORD_BYTES, 1);
  } catch (error) {
    // The other side has ended without reading what we had sent. The kernel tells that once, and ahead of what the
    // other side had still to say: now comes that, or the end of file.
    if (!(error instanceof SyscallError) || error.code !== 'ECONNRESET') throw error;
    return receiveMessageAsync(channel, RECORD_BYTES, 1);
  }
}

/** Hands the plan over: its sealed memory file, then the descriptors of its slots. */
export function sendPlan(channel: number, plan: number, bytes: number, slots: readonly number[]) {
  sendMessage(channel, encodeOrder('plan', bytes), [plan, ...slots]);
}

/** Lets init go on behind a barrier. */
export function sendProceed(channel: number, stage: number): void {
  sendMessage(channel, encodeOrder('proceed', stage));
}

/** Lets a container that waits be started. */
export function sendGo(channel: number): void {
  sendMessage(channel, encodeOrder('go'));
}
