/*
 * Classic BPF as seccomp(2) runs it: a filter looks at `struct seccomp_data` and returns an action. Only what the
 * part before libseccomp's filters needs is written here.
 */

/** `struct sock_filter` of linux/filter.h. */
export interface Instruction {
  readonly code: number;
  /** Instructions to skip if a comparison holds, and if it doesn't. */
  readonly yes: number;
  readonly no: number;
  readonly operand: number;
}

/** Bytes of one instruction. */
export const INSTRUCTION_SIZE = 8;

const LOAD_WORD = 0x20;
const JUMP = 0x05;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_GREATER = 0x25;
const JUMP_IF_NOT_LESS = 0x35;
const RETURN = 0x06;

/** Offsets into `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;

export const loadNumber: Instruction = { code: LOAD_WORD, yes: 0, no: 0, operand: NUMBER };
export const loadArchitecture: Instruction = {
  code: LOAD_WORD,
  yes: 0,
  no: 0,
  operand: ARCHITECTURE,
};
export const giveBack = (action: number): Instruction => ({
  code: RETURN,
  yes: 0,
  no: 0,
  operand: action,
});
export const skip = (instructions: number): Instruction => ({
  code: JUMP,
  yes: 0,
  no: 0,
  operand: instructions,
});
export const unlessEqualSkip = (operand: number, no: number): Instruction => ({
  code: JUMP_IF_EQUAL,
  yes: 0,
  no,
  operand,
});
export const unlessGreaterSkip = (operand: number, no: number): Instruction => ({
  code: JUMP_IF_GREATER,
  yes: 0,
  no,
  operand,
});
export const ifLessSkip = (operand: number, no: number): Instruction => ({
  code: JUMP_IF_NOT_LESS,
  yes: 0,
  no,
  operand,
});

/** The bytes of the instructions, in the order of this machine (all that are supported are little-endian). */
export function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * INSTRUCTION_SIZE);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, yes, no, operand }] of instructions.entries()) {
    const at = index * INSTRUCTION_SIZE;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, yes);
    view.setUint8(at + 3, no);
    view.setUint32(at + 4, operand, true);
  }
  return bytes;
}

/** A copy of a filter that goes on behind its end wherever it would have returned `action`. */
export function chainTo(filter: Uint8Array, action: number): Uint8Array {
  const bytes = filter.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += INSTRUCTION_SIZE) {
    if (view.getUint16(at, true) === RETURN && view.getUint32(at + 4, true) === action) {
      view.setUint16(at, JUMP, true);
      view.setUint32(at + 4, (bytes.length - at) / INSTRUCTION_SIZE - 1, true);
    }
  }
  return bytes;
}
