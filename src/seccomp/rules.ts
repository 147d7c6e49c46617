import type { Seccomp, SeccompArg, SeccompSyscall } from '../spec/types.ts';
import type { FilterComparison, FilterRule } from '../syscalls/seccomp.ts';
import { actionValue } from './action.ts';
import { failAt } from './failure.ts';
import { OPERATORS } from './names.ts';

/** A rule that knows where it comes from. */
export interface OriginalRule extends FilterRule {
  readonly name: string;
  readonly pointer: string;
}

const LAST_ARGUMENT = 5;
const UNKNOWN = -1;

/**
 * The rules of a profile, in its order.
 *
 * @param numberOf the number of each name on the native architecture, -1 for a name that is known nowhere.
 * @throws RuntimeError where an action or an argument is none that the kernel has.
 */
export function rulesOf(
  seccomp: Seccomp,
  numberOf: ReadonlyMap<string, number>,
  defaultAction: number,
): OriginalRule[] {
  return (seccomp.syscalls ?? []).flatMap((entry, index) => {
    const pointer = `/linux/seccomp/syscalls/${index}`;
    const action = actionValue(entry.action, entry.errnoRet, `${pointer}/errnoRet`);
    const alternatives = alternativesOf(entry, pointer);
    // libseccomp refuses a rule that says what is done anyway.
    if (action === defaultAction) return [];
    return entry.names.flatMap((name) => {
      const number = numberOf.get(name) ?? UNKNOWN;
      if (number === UNKNOWN) return [];
      return alternatives.map((alternative) => ({ ...alternative, name, number, action }));
    });
  });
}

type Alternative = Pick<OriginalRule, 'pointer' | 'comparisons'>;

/**
 * The comparisons of one entry: all must hold, unless two of them look at one argument. Then each is a rule of its
 * own, any of which is enough: this is how runc has always read it, and profiles are written for it.
 */
function alternativesOf({ args = [] }: SeccompSyscall, pointer: string): Alternative[] {
  const comparisons = args.map((arg, index) => comparisonOf(arg, `${pointer}/args/${index}`));
  const indices = new Set(args.map(({ index }) => index));
  if (indices.size === args.length) return [{ pointer, comparisons }];
  return comparisons.map((comparison, index) => ({
    pointer: `${pointer}/args/${index}`,
    comparisons: [comparison],
  }));
}

function comparisonOf(arg: SeccompArg, pointer: string): FilterComparison {
  if (arg.index > LAST_ARGUMENT) {
    failAt(
      `${pointer}/index`,
      `a system call has arguments 0 to ${LAST_ARGUMENT}, not ${arg.index}`,
    );
  }
  return {
    argument: arg.index,
    operator: OPERATORS[arg.op],
    first: BigInt(arg.value),
    second: BigInt(arg.valueTwo ?? 0),
  };
}
