import { chainTo } from './bpf.ts';
import { OPERATORS } from './names.ts';
import type { OriginalRule } from './rules.ts';

/**
 * Spreads the rules over layers, so that the first rule of a system call that matches decides.
 *
 * libseccomp (2.5.4) merges the rules of one system call into one tree, and gets that wrong
 * where several of them compare by order: with "argument < 1" and "argument > 2^32 + 1" it also matches 2. Some trees it
 * never finishes. So a filter gets one rule with comparisons for a system call, and what it does not match is asked of
 * the filter of the next layer. Rules that want one argument to be equal to something stay together: they are the usual
 * ones, and merged well.
 *
 * A rule without comparisons decides alone, whatever else there is, and of several the first: so does libseccomp, and
 * profiles are written for it.
 */
export function layersOf(rules: readonly OriginalRule[]): OriginalRule[][] {
  const layers: OriginalRule[][] = [[]];
  for (const ofCall of groupByNumber(rules)) {
    const always = ofCall.find(({ comparisons }) => comparisons.length === 0);
    const groups = always !== undefined ? [[always]] : groupsOf(ofCall);
    for (const [level, group] of groups.entries()) {
      const layer = layers[level] ?? [];
      layer.push(...group);
      layers[level] = layer;
    }
  }
  return layers;
}

function groupByNumber(rules: readonly OriginalRule[]): Iterable<OriginalRule[]> {
  const groups = new Map<number, OriginalRule[]>();
  for (const rule of rules) {
    const group = groups.get(rule.number);
    if (group === undefined) groups.set(rule.number, [rule]);
    else group.push(rule);
  }
  return groups.values();
}

/** Neighbours that may be in one filter. */
function groupsOf(rules: readonly OriginalRule[]): OriginalRule[][] {
  const groups: OriginalRule[][] = [];
  for (const rule of rules) {
    const last = groups.at(-1);
    const argument = equalArgument(rule);
    if (last?.[0] !== undefined && argument !== undefined && argument === equalArgument(last[0])) {
      last.push(rule);
    } else {
      groups.push([rule]);
    }
  }
  return groups;
}

/** The argument of a rule that only wants it to be equal to something. */
function equalArgument({ comparisons }: OriginalRule): number | undefined {
  const [first, ...others] = comparisons;
  if (first === undefined || others.length > 0) return undefined;
  return first.operator === OPERATORS.SCMP_CMP_EQ ? first.argument : undefined;
}

/** One filter of the layers' filters: what one says nothing about, which is the default action, the next one is asked. */
export function chainLayers(filters: readonly Uint8Array[], defaultAction: number): Uint8Array {
  const last = filters.length - 1;
  const pieces = filters.map((filter, level) =>
    level === last ? filter : chainTo(filter, defaultAction),
  );
  return concatenate(pieces);
}

/** The bytes of all, one after the other. */
export function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
