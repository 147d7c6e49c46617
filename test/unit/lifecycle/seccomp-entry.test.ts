import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { decodeEntry, encodeEntry, seccompKey } from '../../../src/lifecycle/seccomp-entry.ts';
import type { CompiledSeccomp } from '../../../src/seccomp/compile.ts';
import { compileSeccomp } from '../../../src/seccomp/compile.ts';
import type { Seccomp } from '../../../src/spec/types.ts';
import { buildId, checksum } from '../../../src/syscalls/identity.ts';

const profile: Seccomp = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 38,
  flags: ['SECCOMP_FILTER_FLAG_TSYNC'],
  listenerPath: '/run/agent.sock',
  listenerMetadata: 'für dich \n "\u0000',
  syscalls: [
    { names: ['read', 'from_the_future'], action: 'SCMP_ACT_ALLOW' },
    { names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' },
  ],
};
const compiled = compileSeccomp(profile, 'x64');
const key = seccompKey(profile, 'x64');

/** One comparison with a value, as JSON has it. */
const comparing = (value: number | bigint): Seccomp => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    { names: ['read'], action: 'SCMP_ACT_ERRNO', args: [{ index: 0, op: 'SCMP_CMP_EQ', value }] },
  ],
});

const text = (seccomp: Seccomp, hostArch = 'x64') => seccompKey(seccomp, hostArch);

describe('an entry', () => {
  test('gives back all that compiling gave', () => {
    expect(compiled).toMatchObject({ notify: true, warnings: [expect.any(String)] });
    const found = decodeEntry(encodeEntry(key, compiled), key);
    expect({ ...found, filter: Uint8Array.from(found?.filter ?? []) }).toEqual(compiled);
  });

  test('with any byte changed is refused', () => {
    const bytes = encodeEntry(key, compiled);
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      expect(decodeEntry(damaged, key), `byte ${at}`).toBeUndefined();
    }
  });

  test('of any other length is refused', () => {
    const bytes = encodeEntry(key, compiled);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeEntry(bytes.subarray(0, length), key), `${length} bytes`).toBeUndefined();
    }
    expect(decodeEntry(Buffer.concat([bytes, Buffer.alloc(8)]), key)).toBeUndefined();
  });

  test('whose end never reached the disk is refused', () => {
    const bytes = encodeEntry(key, compiled);
    bytes.fill(0, bytes.length - 100);
    expect(decodeEntry(bytes, key)).toBeUndefined();
  });

  test('of another key is refused, of the same length too', () => {
    const other = `${key.slice(0, -3)}?${key.slice(-2)}`;
    expect(other).not.toBe(key);
    expect(decodeEntry(encodeEntry(other, compiled), key)).toBeUndefined();
    expect(decodeEntry(encodeEntry('', compiled), key)).toBeUndefined();
  });

  test.each([0, 4, 12, 4097 * 8])('with a filter of %i bytes is refused', (size) => {
    const odd: CompiledSeccomp = { ...compiled, filter: new Uint8Array(size) };
    expect(decodeEntry(encodeEntry(key, odd), key)).toBeUndefined();
  });

  test('with the largest filter of the kernel is taken', () => {
    const largest = { ...compiled, filter: new Uint8Array(4096 * 8).fill(7) };
    expect(decodeEntry(encodeEntry(key, largest), key)?.filter).toHaveLength(4096 * 8);
  });
});

describe('the key', () => {
  test('has the whole profile, the architecture and who compiles', () => {
    const [compiler = '', ...rest] = text(profile).split('\n');
    expect(JSON.parse(rest.join('\n'))).toEqual(profile);
    expect(compiler).toMatch(/^[0-9a-f]{64} [0-9a-f]{40} x64$/);
    expect(text(profile, 'arm64')).not.toBe(text(profile));
  });

  test('is another one for every other value, however large', () => {
    const values = [0, 1, 2 ** 53 - 1, 2n ** 53n + 1n, 2n ** 64n - 2n, 2n ** 64n - 1n];
    const keys = values.map((value) => text(comparing(value)));
    expect(new Set(keys).size).toBe(values.length);
  });

  test('is another one for a number that only prints like an exact integer', () => {
    const printed = String(2 ** 63);
    expect(BigInt(2 ** 63)).not.toBe(BigInt(printed));
    expect(text(comparing(2 ** 63))).not.toBe(text(comparing(BigInt(printed))));
  });
});

test('the build id is the one that the linker gave the addon', () => {
  const notes = execFileSync('readelf', ['--notes', 'build/Release/runts.node'], {
    encoding: 'utf8',
  });
  expect(notes).toContain(`Build ID: ${buildId()}\n`);
});

test('a checksum is that of FNV-1a', () => {
  const sums = ['', 'a', 'foobar'].map((letters) => checksum(Buffer.from(letters)));
  expect(sums).toEqual([0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968]);
});
