import { TABLE_HASH } from './generated/table-hash.ts';
import type { FieldValue, Plan, Step, StepKind } from './step.ts';
import { type FieldWidth, STEP_TABLE } from './table.ts';

/**
 * The wire form of a plan, read by `addon/init/decode.h`. Little endian, everything aligned to 4 bytes:
 *
 *     header   magic u64, table hash u64, total bytes u32, steps u32, slots u32, first own descriptor u32,
 *              fault step u32, fault sub-step u32, fault errno u32, reserved u32
 *     record   kind u32, index in the printed plan u32, payload bytes u32, payload
 *
 * In a payload the fields stand in the order of the table. u32, i32, flag and slot take 4 bytes, u64 takes 8.
 * text, path and bytes are a length u32, the data, a NUL, and zeros up to the next multiple of 4. texts is a
 * count u32 and that many texts; u32s is a count u32 and that many u32. Steps of the runtime are not sent.
 */
export const PLAN_MAGIC = 0x6e616c7073746e72n;
export const HEADER_BYTES = 48;

/** A failure that a test asks the helper for: this sub-step of this step fails with this errno. */
export interface Fault {
  readonly step: number;
  readonly subStep: number;
  readonly errno: number;
}

const NO_FAULT: Fault = { step: 0xffffffff, subStep: 0, errno: 0 };
const KIND_NUMBERS = new Map(Object.keys(STEP_TABLE).map((kind, index) => [kind, index]));
const TEXT = new TextEncoder();

/**
 * Encodes the helper's part of a plan.
 * @returns the bytes for the sealed memory file that travels to the helper
 */
export function encodePlan(plan: Plan, fault: Fault = NO_FAULT): Uint8Array {
  const writer = new Writer();
  writer.u64(PLAN_MAGIC);
  writer.u64(TABLE_HASH);
  writer.u32(0);
  writer.u32(plan.steps.filter(({ step }) => STEP_TABLE[step.kind].actor !== 'runtime').length);
  writer.u32(plan.slots.length);
  writer.u32(plan.firstOwnDescriptor);
  writer.u32(fault.step);
  writer.u32(fault.subStep);
  writer.u32(fault.errno);
  writer.u32(0);
  plan.steps.forEach(({ step }, index) => {
    if (STEP_TABLE[step.kind].actor !== 'runtime') encodeStep(writer, step, index);
  });
  writer.patchU32(16, writer.length);
  return writer.bytes();
}

/** @returns the number by which the helper knows a step kind */
export function kindNumber(kind: StepKind): number {
  return KIND_NUMBERS.get(kind) as number;
}

function encodeStep(writer: Writer, step: Step, index: number): void {
  writer.u32(kindNumber(step.kind));
  writer.u32(index);
  const sizeAt = writer.length;
  writer.u32(0);
  const fields: Readonly<Record<string, FieldWidth>> = STEP_TABLE[step.kind].fields;
  const values = step as unknown as Record<string, FieldValue>;
  for (const name in fields) {
    encodeField(writer, fields[name] as FieldWidth, values[name] as FieldValue);
  }
  writer.patchU32(sizeAt, writer.length - sizeAt - 4);
}

function encodeField(writer: Writer, width: FieldWidth, value: FieldValue): void {
  switch (width) {
    case 'u32':
    case 'i32':
    case 'slot':
      writer.u32(value as number);
      break;
    case 'flag':
      writer.u32(value === true ? 1 : 0);
      break;
    case 'u64':
      writer.u64(value as bigint);
      break;
    case 'text':
    case 'path':
      writer.data(encodeText(value as string));
      break;
    case 'bytes':
      writer.data(value as Uint8Array);
      break;
    case 'texts':
      writer.list(value as readonly string[], (text) => writer.data(encodeText(text)));
      break;
    case 'u32s':
      writer.list(value as readonly number[], (number) => writer.u32(number));
      break;
    default:
      width satisfies never;
  }
}

function encodeText(text: string): Uint8Array {
  if (text.includes('\0')) throw new RangeError('a string of the plan contains a NUL character');
  return TEXT.encode(text);
}

class Writer {
  length = 0;
  #buffer = new Uint8Array(16384);
  #view = new DataView(this.#buffer.buffer);

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  u64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.length, value, true);
    this.length += 8;
  }

  data(data: Uint8Array): void {
    this.u32(data.length);
    const padded = (data.length + 4) & ~3;
    this.#reserve(padded);
    this.#buffer.set(data, this.length);
    this.length += padded;
  }

  list<T>(values: readonly T[], write: (value: T) => void): void {
    this.u32(values.length);
    for (const value of values) write(value);
  }

  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.length);
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.length + bytes));
    grown.set(this.#buffer.subarray(0, this.length));
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}
