import { native } from './native.ts';

/**
 * The build id of the addon (ld(1), `--build-id`): another one wherever any byte of it is another, those of libseccomp
 * too.
 *
 * @returns hexadecimal digits
 */
export function buildId(): string {
  return native.buildId();
}

/**
 * 32 bits that differ for most texts that differ (FNV-1a), for names and against damage; whoever wants to deceive finds
 * others with the same.
 */
export function checksum(bytes: Uint8Array): number {
  return native.checksum(bytes);
}
