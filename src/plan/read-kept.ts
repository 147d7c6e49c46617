import { decodeText, viewOf } from '../bytes.ts';
import { RuntimeError } from '../error.ts';
import { decodePlan } from './decode.ts';
import { CHECKSUM_SIZE, type Checksum, type Unsent } from './kept.ts';
import type { Plan, PlannedStep } from './step.ts';

/**
 * Turns what {@link keepPlan} has made of a plan back into the plan.
 *
 * @throws RuntimeError for one of another version of the runtime, whose steps mean something else, and for a damaged one
 */
export function readKeptPlan(kept: Uint8Array, checksum: Checksum): Plan {
  const bytes = kept.subarray(CHECKSUM_SIZE);
  try {
    // Whatever it says otherwise is believed, down to the words of the origins.
    if (viewOf(kept).getUint32(0, true) !== checksum(bytes)) {
      throw unreadable('it is damaged: its checksum is another one');
    }
    const sent = decodePlan(bytes);
    if (sent === undefined) {
      throw unreadable('another version of runts made it, whose steps this one does not know');
    }
    const text = decodeText(bytes.subarray(sent.size));
    const { slots, steps } = JSON.parse(text) as Unsent;
    const all = steps.map(({ phase, origin, step: own }, index): PlannedStep => {
      const step = own ?? sent.steps.get(index);
      if (step === undefined) throw new RangeError(`step ${index} is missing`);
      return { step, phase, origin };
    });
    return { steps: all, slots, firstOwnDescriptor: sent.firstOwnDescriptor };
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw unreadable(`it is damaged: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
}

function unreadable(detail: string, cause?: unknown): RuntimeError {
  return new RuntimeError({ operation: 'read the plan of the container', detail, cause });
}
