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

/**
 * @param sent what {@link encodePlan} made of it
 * @returns what {@link readKeptPlan} reads
 */
export function keepPlan({ slots, steps }: Plan, sent: Uint8Array): Uint8Array {
  const unsent: UnsentOfStep[] = [];
  for (const { step, phase, origin } of steps) {
    unsent.push(shapeOf(step.kind) === undefined ? { phase, origin, step } : { phase, origin });
  }
  const text = JSON.stringify({ slots, steps: unsent } satisfies Unsent);
  const kept = Buffer.alloc(sent.length + Buffer.byteLength(text));
  kept.set(sent);
  kept.write(text, sent.length);
  return kept;
}
