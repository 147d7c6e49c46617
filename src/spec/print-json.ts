/**
 * Prints what the reader of {@link parseJson} gives, integers exact: the platform's own printer refuses bigints.
 *
 * @param value of plain objects, arrays, texts, numbers, bigints, flags and null
 * @returns JSON on one line
 */
export function printJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((entry) => printJson(entry ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`);
  return `{${members.join(',')}}`;
}
