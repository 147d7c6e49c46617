import { concatBytes, encodeText, viewOf } from '../bytes.ts';
import { shapeOf } from './encode.ts';
import type { Origin, Phase, Plan, Step } from './step.ts';

/**
 * What is kept of a plan beside the container, so that `start` can explain a late failure: the bytes that the helper
 * was sent, and behind them, as JSON, what it was not.
 */
export interface Unsent {
  readonly slots: readonly string[];
  readonly steps: readonly UnsentOfStep[];
}

interface UnsentOfStep {
  readonly phase: Phase;
  readonly origin: Origin;
  /** Where it is one of the runtime. */
  readonly step?: Step;
}

/** 32 bits of bytes, such as `checksum` of src/syscalls/identity.ts: nothing here makes system calls. */
export type Checksum = (bytes: Uint8Array) => number;

/** Of the checksum, which stands before all that it is of. */
export const CHECKSUM_SIZE = 4;

/**
 * @param sent what {@link encodePlan} made of it
 * @returns what {@link readKeptPlan} reads
 */
export function keepPlan({ slots, steps }: Plan, sent: Uint8Array, checksum: Checksum): Uint8Array {
  const unsent: UnsentOfStep[] = [];
  for (const { step, phase, origin } of steps) {
    unsent.push(shapeOf(step.kind) === undefined ? { phase, origin, step } : { phase, origin });
  }
  const text = JSON.stringify({ slots, steps: unsent } satisfies Unsent);
  const kept = concatBytes(new Uint8Array(CHECKSUM_SIZE), sent, encodeText(text));
  viewOf(kept).setUint32(0, checksum(kept.subarray(CHECKSUM_SIZE)), true);
  return kept;
}
