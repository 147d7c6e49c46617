import { encodeText } from '../bytes.ts';
import { checkRange, checkText } from './check.ts';
import { native } from './native.ts';

/** One comparison of a system call's argument, in libseccomp's numbers. */
export interface FilterComparison {
  /** 0 to 5. */
  readonly argument: number;
  /** SCMP_CMP_*. */
  readonly operator: number;
  /** The value, or the mask of SCMP_CMP_MASKED_EQ. */
  readonly first: bigint;
  /** The value under the mask. */
  readonly second: bigint;
}

/** What to do about one system call when all of its comparisons hold. */
export interface FilterRule {
  /** As {@link resolveSyscalls} gives it, not -1. */
  readonly number: number;
  /** SCMP_ACT_*. */
  readonly action: number;
  readonly comparisons: readonly FilterComparison[];
}

/** Rules as libseccomp gets them, made once by {@link encodeRules} for all architectures of a profile. */
export interface EncodedRules {
  /** Four words a rule: number, action, its first comparison, how many. */
  readonly rules: Uint32Array;
  /** Four words a comparison. */
  readonly comparisons: BigUint64Array;
}

/** A filter for one architecture, in libseccomp's numbers. */
export interface FilterSource extends EncodedRules {
  /** SCMP_ARCH_*. */
  readonly architecture: number;
  readonly defaultAction: number;
}

/** What libseccomp did not take. */
export interface FilterRefusal {
  readonly stage: 'filter' | 'architecture' | 'rule';
  /** Of the rule. */
  readonly index: number;
  /** Symbolic, such as `EINVAL`. */
  readonly code: string;
}

/**
 * SCMP_FLTATR_CTL_OPTIMIZE: 1 looks for one number after the other, the cheapest rules first. 2, a binary tree, takes a
 * third more time to make, and the kernel answers for whatever is always allowed without running the filter (since
 * Linux 5.11).
 */
const BY_PRIORITY = 1;
/** Stages as addon/binding/seccomp.cc numbers them, from 1. */
const STAGES = ['filter', 'architecture', 'rule'] as const;
const MOST_UINT64 = (1n << 64n) - 1n;

/** @throws TypeError for what no system call has. */
export function encodeRules(rules: readonly FilterRule[]): EncodedRules {
  const words = new Uint32Array(rules.length * 4);
  const comparisonWords: bigint[] = [];
  for (const [index, { number, action, comparisons }] of rules.entries()) {
    checkRange(comparisons.length, 'number of comparisons', 0, 6);
    words.set([number, action, comparisonWords.length / 4, comparisons.length], index * 4);
    for (const { argument, operator, first, second } of comparisons) {
      checkRange(argument, 'argument', 0, 5);
      comparisonWords.push(BigInt(argument), BigInt(operator), checkWord(first), checkWord(second));
    }
  }
  return { rules: words, comparisons: BigUint64Array.from(comparisonWords) };
}

/**
 * Makes a filter for seccomp(2), without loading it (seccomp_export_bpf(3)). It kills threads of other architectures.
 *
 * @returns the instructions (`struct sock_filter`, 8 bytes each), or what could not be added.
 * @throws SyscallError `memfd_create`, `seccomp_export_bpf`, `fstat`, `pread`.
 */
export function compileFilter(source: FilterSource): Uint8Array | FilterRefusal {
  const { architecture, defaultAction, rules, comparisons } = source;
  const result = native.seccompCompile(
    architecture,
    defaultAction,
    rules,
    comparisons,
    BY_PRIORITY,
  );
  if (result instanceof Uint8Array) return result;
  const [stage, index, code] = result;
  return { stage: STAGES[stage - 1] ?? 'filter', index, code };
}

/**
 * Looks up system calls by name (seccomp_syscall_resolve_name_arch(3)).
 *
 * @param architectures SCMP_ARCH_*.
 * @returns for each architecture and each name its number, -1 where no architecture has it, or another negative number
 *   where this one hasn't.
 */
export function resolveSyscalls(
  architectures: readonly number[],
  names: readonly string[],
): Int32Array[] {
  for (const name of names) checkText(name, 'name');
  const text = encodeText(names.length === 0 ? '' : `${names.join('\0')}\0`);
  return architectures.map((architecture) => {
    const numbers = new Int32Array(names.length);
    native.seccompResolve(architecture, text, numbers);
    return numbers;
  });
}

/** Whether the running kernel knows all of these SECCOMP_FILTER_FLAG_* (seccomp(2)). */
export function hasFilterFlags(flags: number): boolean {
  return native.seccompHasFlags(flags);
}

/** The version of libseccomp, such as `2.5.4`. */
export function libseccompVersion(): string {
  return native.seccompVersion();
}

function checkWord(value: bigint): bigint {
  if (value < 0n || value > MOST_UINT64) {
    throw new TypeError(`value: expected 64 bits, got ${value}`);
  }
  return value;
}
