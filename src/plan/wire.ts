import { decodeText } from '../bytes.ts';

/**
 * What goes over the socket between the runtime and the helper besides the plan: orders to it, records from it.
 * `addon/init/report.h` is the other end; little endian, each message of one fixed size.
 *
 *     record   magic u32, type u32, step u32, sub-step u32, errno u32, value u32, detail: 232 bytes of text and NULs
 *     order    magic u32, type u32, value u32, reserved u32
 *
 * A record of type `child`, `terminal` or `seccompListener` carries one descriptor. The order `plan` carries the
 * plan's memory file and then the descriptors of the plan's slots; its value is the size of the plan in bytes.
 */
export const RECORD_BYTES = 256;
const ORDER_BYTES = 16;
const RECORD_MAGIC = 0x72657274;
const ORDER_MAGIC = 0x6f726472;
const DETAIL_AT = 24;

/** A failure as the helper reports it. */
export interface HelperFailure {
  /** Index in the printed plan; {@link NO_STEP} where no step was being done. */
  readonly step: number;
  readonly subStep: number;
  readonly errno: number;
  readonly detail: string;
}
export const NO_STEP = 0xffffffff;

export type HelperRecord =
  | ({ readonly type: 'failed' } & HelperFailure)
  | { readonly type: 'child'; readonly pid: number }
  | { readonly type: 'barrier'; readonly stage: number }
  | { readonly type: 'terminal' }
  | { readonly type: 'aboutToExecute' }
  | { readonly type: 'seccompListener' };

/** @returns undefined for anything that no helper of this table sends */
export function decodeRecord(data: Uint8Array): HelperRecord | undefined {
  if (data.length !== RECORD_BYTES) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const u32 = (at: number) => view.getUint32(at, true);
  if (u32(0) !== RECORD_MAGIC) return undefined;
  const value = u32(20);
  switch (u32(4)) {
    case 1: {
      const end = data.indexOf(0, DETAIL_AT);
      const detail = decodeText(data.subarray(DETAIL_AT, end < 0 ? RECORD_BYTES : end));
      return { type: 'failed', step: u32(8), subStep: u32(12), errno: u32(16), detail };
    }
    case 2:
      return { type: 'child', pid: value };
    case 3:
      return { type: 'barrier', stage: value };
    case 4:
      return { type: 'terminal' };
    case 5:
      return { type: 'aboutToExecute' };
    case 6:
      return { type: 'seccompListener' };
    default:
      return undefined;
  }
}

const ORDERS = { plan: 1, proceed: 2, go: 3 } as const;

/** @param value bytes of the plan, stage of the barrier, or 0 */
export function encodeOrder(order: keyof typeof ORDERS, value = 0): Uint8Array {
  const data = new Uint8Array(ORDER_BYTES);
  const view = new DataView(data.buffer);
  view.setUint32(0, ORDER_MAGIC, true);
  view.setUint32(4, ORDERS[order], true);
  view.setUint32(8, value, true);
  return data;
}
