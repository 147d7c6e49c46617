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

/** A filter for one architecture, in libseccomp's numbers. */
export interface FilterSource {
  /** SCMP_ARCH_*. */
  readonly architecture: number;
  readonly defaultAction: number;
  readonly rules: readonly FilterRule[];
}

/** What libseccomp did not take. */
export interface FilterRefusal {
  readonly stage: 'filter' | 'architecture' | 'rule';
  /** Of the rule. */
  readonly index: number;
  /** Symbolic, such as `EINVAL`. */
  readonly code: string;
}

/** SCMP_FLTATR_CTL_OPTIMIZE: 2 looks a number up in a binary tree instead of one after the other. */
const BINARY_TREE = 2;
/** Stages as addon/binding/seccomp.cc numbers them, from 1. */
const STAGES = ['filter', 'architecture', 'rule'] as const;
const MOST_UINT64 = (1n << 64n) - 1n;

/**
 * Makes a filter for seccomp(2), without loading it (seccomp_export_bpf(3)). It kills threads of other architectures.
 *
 * @returns the instructions (`struct sock_filter`, 8 bytes each), or what could not be added.
 * @throws SyscallError `memfd_create`, `seccomp_export_bpf`, `fstat`, `pread`.
 */
export function compileFilter(source: FilterSource): Uint8Array | FilterRefusal {
  const { architecture, defaultAction, rules } = source;
  const ruleWords: number[] = [];
  const comparisonWords: bigint[] = [];
  for (const { number, action, comparisons } of rules) {
    checkRange(comparisons.length, 'number of comparisons', 0, 6);
    ruleWords.push(number >>> 0, action, comparisonWords.length / 4, comparisons.length);
    for (const { argument, operator, first, second } of comparisons) {
      checkRange(argument, 'argument', 0, 5);
      comparisonWords.push(BigInt(argument), BigInt(operator), checkWord(first), checkWord(second));
    }
  }
  const result = native.seccompCompile(
    architecture,
    defaultAction,
    Uint32Array.from(ruleWords),
    BigUint64Array.from(comparisonWords),
    BINARY_TREE,
  );
  if (result instanceof Uint8Array) return result;
  const [stage, index, code] = result;
  return { stage: STAGES[stage - 1] ?? 'filter', index, code };
}

/**
 * Looks up system calls by name (seccomp_syscall_resolve_name_arch(3)).
 *
 * @param architecture SCMP_ARCH_*.
 * @returns for each name its number, -1 where no architecture has it, or another negative number where this one hasn't.
 */
export function resolveSyscalls(architecture: number, names: readonly string[]): Int32Array {
  const numbers = new Int32Array(names.length);
  const text = names.map((name) => `${checkText(name, 'name')}\0`).join('');
  native.seccompResolve(architecture, Buffer.from(text), numbers);
  return numbers;
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
