import type { Seccomp } from '../spec/types.ts';
import { type EncodedRules, encodeRules, resolveSyscalls } from '../syscalls/seccomp.ts';
import { actionValue } from './action.ts';
import { type Architecture, architecturesOf } from './architectures.ts';
import { layersOf } from './layers.ts';
import { checkNotify } from './notify.ts';
import { type OriginalRule, rulesOf } from './rules.ts';

const UNKNOWN = -1;

/** All that is known before libseccomp has made the filters. */
export interface Draft {
  readonly notify: boolean;
  readonly defaultAction: number;
  readonly layers: readonly DraftLayer[];
  readonly architectures: readonly DraftArchitecture[];
  /** Names that libseccomp does not know. */
  readonly unknown: readonly string[];
}

/** See {@link layersOf}. */
export interface DraftLayer {
  readonly rules: readonly OriginalRule[];
  readonly encoded: EncodedRules;
}

export interface DraftArchitecture extends Architecture {
  /** The highest number that the profile names, undefined where it names none. */
  readonly newest: number | undefined;
}

/**
 * Checks a profile and puts it into libseccomp's numbers.
 *
 * @throws RuntimeError with the pointer of what no filter can do.
 */
export function draftOf(seccomp: Seccomp, hostArch: string): Draft {
  const notify = checkNotify(seccomp);
  const defaultAction = actionValue(
    seccomp.defaultAction,
    seccomp.defaultErrnoRet,
    '/linux/seccomp/defaultErrnoRet',
  );
  const architectures = architecturesOf(seccomp, hostArch);
  const names = [...new Set(seccomp.syscalls?.flatMap((entry) => entry.names))];
  const numbers = resolveSyscalls(
    architectures.map(({ token }) => token),
    names,
  );
  // The first is the native one, in whose numbers libseccomp takes the rules for all.
  const numberOf = new Map(names.map((name, index) => [name, numbers[0]?.[index] ?? UNKNOWN]));
  const rules = rulesOf(seccomp, numberOf, defaultAction);
  return {
    notify,
    defaultAction,
    layers: layersOf(rules).map((layer) => ({ rules: layer, encoded: encodeRules(layer) })),
    architectures: architectures.map((architecture, index) => ({
      ...architecture,
      newest: highest(numbers[index] ?? []),
    })),
    unknown: names.filter((name) => numberOf.get(name) === UNKNOWN),
  };
}

function highest(numbers: Iterable<number>): number | undefined {
  let found: number | undefined;
  for (const number of numbers) {
    if (number >= 0 && (found === undefined || number > found)) found = number;
  }
  return found;
}
