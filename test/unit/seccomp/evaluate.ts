/*
 * A small interpreter of classic BPF, as much of it as seccomp(2) allows and libseccomp writes, so that a filter can be
 * asked what it says without loading it.
 */

/** `struct seccomp_data`. */
export interface SystemCall {
  readonly architecture: number;
  readonly number: number;
  readonly args?: readonly bigint[];
}

const MASK_32 = 0xffff_ffffn;

function wordAt({ architecture, number, args = [] }: SystemCall, offset: number): number {
  if (offset === 0) return number >>> 0;
  if (offset === 4) return architecture >>> 0;
  if (offset < 16 || offset >= 64 || offset % 4 !== 0) throw new Error(`load from ${offset}`);
  const argument = BigInt.asUintN(64, args[Math.floor((offset - 16) / 8)] ?? 0n);
  return Number((offset % 8 === 0 ? argument : argument >> 32n) & MASK_32);
}

function jumps(code: number, accumulator: number, operand: number): boolean {
  switch (code) {
    case 0x15:
      return accumulator === operand;
    case 0x25:
      return accumulator > operand;
    case 0x35:
      return accumulator >= operand;
    case 0x45:
      return (accumulator & operand) !== 0;
    default:
      throw new Error(`instruction 0x${code.toString(16)}`);
  }
}

/** What the filter returns for the call. */
export function evaluate(filter: Uint8Array, call: SystemCall): number {
  const view = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  let accumulator = 0;
  for (let at = 0; ; at += 8) {
    const code = view.getUint16(at, true);
    const operand = view.getUint32(at + 4, true);
    if (code === 0x06) return operand;
    if (code === 0x20) accumulator = wordAt(call, operand);
    else if (code === 0x54) accumulator = (accumulator & operand) >>> 0;
    else if (code === 0x05) at += operand * 8;
    else at += 8 * view.getUint8(jumps(code, accumulator, operand) ? at + 2 : at + 3);
  }
}
