import {
  assemble,
  giveBack,
  INSTRUCTION_SIZE,
  type Instruction,
  ifLessSkip,
  loadArchitecture,
  loadNumber,
  skip,
  unlessEqualSkip,
  unlessGreaterSkip,
} from './bpf.ts';
import { concatenate } from './layers.ts';
import { ACTIONS, ARCHITECTURES } from './names.ts';

/** A filter for one architecture, and what comes before it. */
export interface Part {
  /** SCMP_ARCH_*. */
  readonly architecture: number;
  readonly filter: Uint8Array;
  /** A higher number than this gives ENOSYS without asking the filter; undefined where every number is asked. */
  readonly newest: number | undefined;
}

/** Everywhere but on Alpha, MIPS, PA-RISC and SPARC, on none of which this runs. */
const ENOSYS = 38;
const { SCMP_ARCH_X32: X32, SCMP_ARCH_X86_64: X86_64 } = ARCHITECTURES;
/** System calls of x32 come from x86_64, with this bit in their numbers. */
const X32_BIT = 0x4000_0000;

/**
 * Joins the filters of several architectures into one program.
 *
 * libseccomp could do so itself, but the time that it takes grows with the square of the rules of all architectures
 * together. So each has a filter of its own, and this begins with a table that finds the right one. The table is also
 * the place for the check against system calls that are newer than the profile.
 */
export function joinFilters(parts: readonly Part[]): Uint8Array {
  const sections = parts
    .filter(({ architecture }) => architecture !== X32)
    .map((part) => ({ part, upper: upperPart(part, parts) }));
  const sectionLength = ({ part, upper }: Section): number =>
    1 + gateLength(part) + (upper === undefined ? 0 : 2 + gateLength(upper));
  const tableLength = 2 + sections.reduce((sum, section) => sum + sectionLength(section), 0);

  const starts = new Map<number, number>();
  let length = tableLength;
  for (const { architecture, filter } of parts) {
    starts.set(architecture, length);
    length += filter.length / INSTRUCTION_SIZE;
  }

  const table: Instruction[] = [loadArchitecture];
  const add = (part: Part): void => {
    const end = table.length + gateLength(part);
    table.push(...gate(part, (starts.get(part.architecture) ?? 0) - end));
  };
  for (const section of sections) {
    const { part, upper } = section;
    table.push(unlessEqualSkip(part.architecture, sectionLength(section) - 1));
    if (upper !== undefined) {
      table.push(loadNumber, ifLessSkip(X32_BIT, gateLength(upper)));
      add(upper);
    }
    add(part);
  }
  table.push(giveBack(ACTIONS.SCMP_ACT_KILL_THREAD));
  return concatenate([assemble(table), ...parts.map(({ filter }) => filter)]);
}

/** What an architecture of the kernel is asked for, and what for numbers with the bit of x32. */
interface Section {
  readonly part: Part;
  readonly upper: Part | undefined;
}

/** A profile without x32 leaves it to the filter of x86_64, which refuses such numbers. */
function upperPart(part: Part, parts: readonly Part[]): Part | undefined {
  if (part.architecture !== X86_64) return undefined;
  return parts.find(({ architecture }) => architecture === X32) ?? { ...part, newest: undefined };
}

const gateLength = (part: Part): number => gate(part, 0).length;

/** What is done once the architecture is known; its filter is `distance` instructions behind the end of this. */
function gate({ newest }: Part, distance: number): Instruction[] {
  const enter = skip(distance);
  if (newest === undefined) return [enter];
  return [
    loadNumber,
    unlessGreaterSkip(newest, 1),
    giveBack(ACTIONS.SCMP_ACT_ERRNO | ENOSYS),
    enter,
  ];
}
