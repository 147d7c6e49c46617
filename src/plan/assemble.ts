import { asSaid, type Draft } from './origin.ts';
import type { Phase, PlannedStep } from './step.ts';

/* What the two compilers, of create and of exec, do alike with the steps that the families make. */

/** @returns the drafts as steps of a phase */
export function inPhase(phase: Phase, drafts: readonly Draft[]): PlannedStep[] {
  return drafts.map(({ step, origin }) => ({ step, phase, origin }));
}

/**
 * @param said JSON pointers of what the caller has added, and how it asked for that
 * @returns the steps, those that the caller has asked for with that origin
 */
export function withSaid(
  steps: readonly PlannedStep[],
  said: ReadonlyMap<string, string> | undefined,
): readonly PlannedStep[] {
  if (said === undefined || said.size === 0) return steps;
  return steps.map((planned) => {
    const origin = asSaid(planned.origin, said);
    return origin === planned.origin ? planned : { ...planned, origin };
  });
}

/** @returns the numbers of the slots that are for one use */
export function slotsFor(use: string, slots: readonly string[]): number[] {
  const found: number[] = [];
  slots.forEach((name, slot) => {
    if (name === use) found.push(slot);
  });
  return found;
}
