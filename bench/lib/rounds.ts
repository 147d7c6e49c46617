import { setImmediate } from 'node:timers/promises';
import type { Measurement, RuntimeName } from './report.ts';
import type { Runtime } from './runtimes.ts';

/** Values of one round under the names of their measurements. */
export type Measured = Readonly<Record<string, readonly number[]>>;

export interface Series {
  readonly values: Readonly<Record<string, Measurement['values']>>;
  readonly failures: Measurement['failures'];
}

/**
 * Measures all runtimes in turn, round by round, each round beginning with another one: what disturbs the machine disturbs all.
 *
 * @param measure one round of one runtime; a runtime that fails is left out from then on
 */
export async function inRounds(
  runtimes: readonly Runtime[],
  rounds: number,
  measure: (runtime: Runtime) => Measured | Promise<Measured>,
): Promise<Series> {
  const values: Record<string, Partial<Record<RuntimeName, (readonly number[])[]>>> = {};
  const failures: Partial<Record<RuntimeName, string>> = {};
  for (let round = 0; round < rounds; round++) {
    const first = round % runtimes.length;
    for (const runtime of [...runtimes.slice(first), ...runtimes.slice(0, first)]) {
      if (failures[runtime.name] !== undefined) continue;
      // Everything else here blocks: this is when an interrupt is heard.
      await setImmediate();
      try {
        for (const [name, measured] of Object.entries(await measure(runtime))) {
          values[name] ??= {};
          values[name][runtime.name] ??= [];
          values[name][runtime.name]?.push(measured);
        }
      } catch (error) {
        failures[runtime.name] = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return { values, failures };
}
