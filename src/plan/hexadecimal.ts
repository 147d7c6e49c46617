/** @returns the digits of a number that is not negative; QuickJS writes a zero before those that fill all 64 bits */
export function hexadecimal(value: bigint): string {
  return value.toString(16).replace(/^0(?=.)/, '');
}
