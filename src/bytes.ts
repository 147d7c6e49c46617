/** Texts as bytes and back, and what else several places do with bytes. */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** @returns the text in UTF-8; half a surrogate pair becomes U+FFFD */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(text);
}

/** @returns the text that the bytes are in UTF-8, a byte order mark too; what is none becomes U+FFFD */
export function decodeText(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** @returns the parts one behind the other, in a buffer of their own */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const part of parts) size += part.length;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @returns a view of all the bytes, for numbers in them */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
