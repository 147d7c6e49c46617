import { decodeText } from '../bytes.ts';
import { HEADER_BYTES, PLAN_MAGIC, type WireShape } from './encode.ts';
import { TABLE_HASH, WIRE_SHAPES } from './generated/wire-shapes.ts';
import type { FieldValue, Step, StepKind } from './step.ts';
import type { FieldWidth } from './table.ts';

/** The helper's part of a plan, read back. */
export interface SentPlan {
  /** How many of the bytes it takes. */
  readonly size: number;
  readonly firstOwnDescriptor: number;
  /** By their index in the whole plan. */
  readonly steps: ReadonlyMap<number, Step>;
}

/**
 * Reads what {@link encodePlan} has written.
 *
 * @param bytes begin with it
 * @returns undefined for a plan made by another table of steps
 * @throws RangeError for what is no plan
 */
export function decodePlan(bytes: Uint8Array): SentPlan | undefined {
  const header = new Reader(bytes, HEADER_BYTES);
  if (header.u64() !== PLAN_MAGIC) throw new RangeError('it does not begin as a plan does');
  if (header.u64() !== TABLE_HASH) return undefined;
  const [size, count, , firstOwnDescriptor] = [
    header.u32(),
    header.u32(),
    header.u32(),
    header.u32(),
  ];
  const reader = new Reader(bytes, size);
  reader.at = HEADER_BYTES;
  const kinds = new Map(Object.entries(WIRE_SHAPES).map((entry) => [entry[1][0], entry]));
  const steps = new Map<number, Step>();
  for (let record = 0; record < count; record++) {
    const [number, index, payload] = [reader.u32(), reader.u32(), reader.u32()];
    const [kind, shape] = kinds.get(number) ?? [];
    if (kind === undefined || shape === undefined) {
      throw new RangeError(`step ${index} is of kind ${number}, which there is not`);
    }
    const end = reader.at + payload;
    steps.set(index, reader.step(kind as StepKind, shape));
    if (reader.at !== end) throw new RangeError(`step ${index} has another size than it says`);
  }
  if (reader.at !== size) throw new RangeError('it has another size than it says');
  return { size, firstOwnDescriptor, steps };
}

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, size: number) {
    if (size > bytes.length) throw new RangeError('it is shorter than it says');
    this.#bytes = bytes.subarray(0, size);
    // To read behind its end is a RangeError.
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, size);
  }

  step(kind: StepKind, [, ...namesAndWidths]: WireShape): Step {
    const fields: Record<string, FieldValue> = {};
    for (let field = 0; field < namesAndWidths.length; field += 2) {
      fields[namesAndWidths[field] as string] = this.#field(
        namesAndWidths[field + 1] as FieldWidth,
      );
    }
    return { kind, ...fields } as unknown as Step;
  }

  #field(width: FieldWidth): FieldValue {
    switch (width) {
      case 'u32':
      case 'slot':
        return this.u32();
      case 'i32':
        return this.u32() | 0;
      case 'u64':
        return this.u64();
      case 'flag':
        return this.u32() !== 0;
      case 'text':
      case 'path':
        return this.#text();
      case 'texts':
        return this.#list(() => this.#text());
      case 'u32s':
        return this.#list(() => this.u32());
      case 'bytes':
        return this.#data();
      default:
        return width satisfies never;
    }
  }

  u32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  u64(): bigint {
    this.at += 8;
    return this.#view.getBigUint64(this.at - 8, true);
  }

  #data(): Uint8Array {
    const size = this.u32();
    const begin = this.at;
    this.at += size + 4 - (size % 4);
    if (this.at > this.#bytes.length) throw new RangeError('the data of a field end too early');
    return Uint8Array.from(this.#bytes.subarray(begin, begin + size));
  }

  #text(): string {
    return decodeText(this.#data());
  }

  #list<T>(read: () => T): T[] {
    const list: T[] = [];
    for (let left = this.u32(); left > 0; left--) list.push(read());
    return list;
  }
}
