import type { Integer } from '../setting.ts';

/** Gives the text of a cgroup's file; undefined where the kernel has no such file, or no such controller. */
export type ReadFile = (file: string) => string | undefined;

/** @returns the number in a file, 0 where there is none or it says `max` */
export function toInteger(text: string | undefined): Integer {
  if (text === undefined || !/^-?\d+$/.test(text)) return 0;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** @returns the lines `name value` of a file */
export function toTable(text: string | undefined): Record<string, Integer> {
  const lines = (text ?? '').split('\n').map((line) => line.split(' '));
  return Object.fromEntries(
    lines.flatMap(([name, value]) =>
      name === undefined || value === undefined ? [] : [[name, toInteger(value)]],
    ),
  );
}

/** @returns the members that are not zero, and not empty */
export function withoutZeros<T extends Readonly<Record<string, unknown>>>(members: T): Partial<T> {
  const isZero = (value: unknown): boolean =>
    value === undefined ||
    value === '' ||
    value === 0 ||
    (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => !isZero(value)),
  ) as Partial<T>;
}

/** @returns the numbers of a list as in cpuset(7), "List format": `0-2,7` */
export function toList(text: string | undefined): number[] {
  return (text ?? '').split(',').flatMap((range) => {
    const [first, last = first] = range.split('-');
    if (first === undefined || first === '') return [];
    const [from, to] = [Number(first), Number(last)];
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
