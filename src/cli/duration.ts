import { RuntimeError } from '../error.ts';

const MILLISECONDS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

const PART = /(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns)/g;

/**
 * Reads a duration as Go writes it: `5s`, `1m30s`, `1.5h`, `-1s`.
 *
 * @param flag for the message
 * @returns milliseconds
 * @throws RuntimeError for anything else, a number without a unit too
 */
export function parseDuration(flag: string, text: string): number {
  const [, sign = '', unsigned = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (unsigned === '0') return 0;
  if (unsigned === '' || unsigned.replaceAll(PART, '') !== '') {
    throw new RuntimeError({
      operation: '',
      detail: `invalid value ${JSON.stringify(text)} for flag -${flag}: parse error: expected a duration such as "5s" or "500ms"`,
    });
  }
  let sum = 0;
  for (const [, number, unit = ''] of unsigned.matchAll(PART)) {
    sum += Number(number) * (MILLISECONDS[unit] ?? 0);
  }
  return sign === '-' ? -sum : sum;
}
