import { TABLE_HASH, WIRE_SHAPES } from './generated/wire-shapes.ts';
import type { FieldValue, HelperKind, Plan, PlannedStep, StepKind } from './step.ts';
import type { FieldWidth } from './table.ts';

/**
 * The wire form of a plan, read by `addon/init/decode.h` and `decode.ts`. Little endian, as every machine that there is a
 * helper for; everything aligned to 4 bytes:
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
export const RECORD_BYTES = 12;

/** The number by which the helper knows a kind, then name and width of each field in turn. */
export type WireShape = readonly [number: number, ...namesAndWidths: string[]];

/** A failure that a test asks the helper for: this sub-step of this step fails with this errno. */
export interface Fault {
  readonly step: number;
  readonly subStep: number;
  readonly errno: number;
}

const ENCODER = new TextEncoder();
const NO_FAULT: Fault = { step: 0xffffffff, subStep: 0, errno: 0 };
/** More than most plans take; a plan that takes more gets it. */
const FIRST_ROOM = 16384;
/** Of a field without its data. */
const MOST_FIXED_BYTES = 8;
type Values = Readonly<Record<string, FieldValue>>;

/** @returns how the helper is sent steps of a kind; undefined for those of the runtime, of which it is not told */
export function shapeOf(kind: StepKind): WireShape | undefined {
  return WIRE_SHAPES[kind as HelperKind];
}

/**
 * Encodes the helper's part of a plan. One plain loop: a method for each width would be a call for each field, which no
 * compiler takes away in the binary.
 *
 * @returns the bytes for the sealed memory file that travels to the helper
 * @throws RangeError for a text with a NUL
 */
export function encodePlan(plan: Plan, fault: Fault = NO_FAULT): Uint8Array {
  const { steps, slots, firstOwnDescriptor } = plan;
  let bytes = new Uint8Array(FIRST_ROOM);
  let words = new Uint32Array(bytes.buffer);
  let view = new DataView(bytes.buffer);
  let at = HEADER_BYTES;
  let sent = 0;
  /** What the rest of the record takes at most, without the data of its fields. */
  let rest = 0;

  const grow = (more: number): void => {
    const before = bytes;
    bytes = new Uint8Array(((before.length + more) * 2 + 3) & ~3);
    bytes.set(before);
    words = new Uint32Array(bytes.buffer);
    view = new DataView(bytes.buffer);
  };
  const putText = (text: string): void => {
    // No character takes more than three bytes; behind them stands what begins the next.
    const most = text.length * 3 + 8 + rest;
    if (at + most > bytes.length) grow(most);
    const size = ENCODER.encodeInto(text, bytes.subarray(at + 4)).written;
    // The next one is that behind the text: what is not written yet is zero.
    if (bytes.indexOf(0, at + 4) < at + 4 + size) {
      throw new RangeError('a string of the plan contains a NUL character');
    }
    words[at >> 2] = size;
    at += (size + 8) & ~3;
  };

  for (let index = 0; index < steps.length; index++) {
    const { step } = steps[index] as PlannedStep;
    const shape = shapeOf(step.kind);
    if (shape === undefined) continue;
    sent++;
    // A field is two in its shape.
    rest = RECORD_BYTES + shape.length * (MOST_FIXED_BYTES / 2);
    if (at + rest > bytes.length) grow(rest);
    const record = at >> 2;
    words[record] = shape[0];
    words[record + 1] = index;
    at += RECORD_BYTES;
    for (let field = 1; field < shape.length; field += 2) {
      const value = (step as unknown as Values)[shape[field] as string] as FieldValue;
      const width = shape[field + 1] as FieldWidth;
      switch (width) {
        case 'path':
        case 'text':
          putText(value as string);
          break;
        case 'u32':
        case 'flag':
        case 'slot':
        case 'i32':
          // true becomes 1.
          words[at >> 2] = value as number;
          at += 4;
          break;
        case 'u64':
          view.setBigUint64(at, value as bigint, true);
          at += 8;
          break;
        case 'bytes': {
          const data = value as Uint8Array;
          const most = data.length + 8 + rest;
          if (at + most > bytes.length) grow(most);
          words[at >> 2] = data.length;
          bytes.set(data, at + 4);
          at += (data.length + 8) & ~3;
          break;
        }
        case 'texts': {
          const texts = value as readonly string[];
          words[at >> 2] = texts.length;
          at += 4;
          for (let i = 0; i < texts.length; i++) putText(texts[i] as string);
          break;
        }
        case 'u32s': {
          const numbers = value as readonly number[];
          const most = numbers.length * 4 + 4 + rest;
          if (at + most > bytes.length) grow(most);
          words[at >> 2] = numbers.length;
          words.set(numbers, (at >> 2) + 1);
          at += numbers.length * 4 + 4;
          break;
        }
        default:
          width satisfies never;
      }
    }
    words[record + 2] = at - record * 4 - RECORD_BYTES;
  }

  view.setBigUint64(0, PLAN_MAGIC, true);
  view.setBigUint64(8, TABLE_HASH, true);
  const { step, subStep, errno } = fault;
  words.set([at, sent, slots.length, firstOwnDescriptor, step, subStep, errno], 4);
  return bytes.subarray(0, at);
}
