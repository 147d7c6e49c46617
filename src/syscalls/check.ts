/**
 * Descriptors, counts and sizes are checked here because the addon ends the process on a bad one.
 *
 * @throws TypeError, for it is a bug of the caller.
 */
export function checkDescriptor(value: number, name = 'descriptor'): number {
  return checkRange(value, name, 0, 0x7fffffff);
}

/** Like {@link checkDescriptor}, for an integer from `least` to `most`. */
export function checkRange(value: number, name: string, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new TypeError(`${name}: expected an integer from ${least} to ${most}, got ${value}`);
  }
  return value;
}

/** A string for the kernel: one without a NUL byte, at which C would silently end it. */
export function checkText(value: string, name: string): string {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) {
    throw new TypeError(`${name}: expected a text without NUL bytes, got ${JSON.stringify(value)}`);
  }
  return value;
}
