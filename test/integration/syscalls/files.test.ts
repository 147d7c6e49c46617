import { fstatSync, openSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lockFile } from '../../../src/syscalls/lock.ts';
import { memfd } from '../../../src/syscalls/memfd.ts';
import { bytes, close, closeLater, temporaryDirectory } from './support.ts';

describe('memfd', () => {
  test('holds the data under its name, not executable', () => {
    const file = memfd('runts-plan', bytes('content'), false);
    closeLater(file);
    expect(readlinkSync(`/proc/self/fd/${file}`)).toBe('/memfd:runts-plan (deleted)');
    expect(readFileSync(`/proc/self/fd/${file}`, 'utf8')).toBe('content');
    expect(fstatSync(file).mode & 0o111).toBe(0);
  });

  test('sealed, can never be changed again', () => {
    const file = memfd('runts-plan', bytes('content'), true);
    closeLater(file);
    expect(() => writeSync(file, 'x', 0)).toThrow(/EPERM/);
    expect(() => writeSync(file, 'x', 100)).toThrow(/EPERM/);
  });

  test('takes megabytes', () => {
    const data = new Uint8Array(5_000_000).fill(7);
    const file = memfd('runts-plan', data, true);
    closeLater(file);
    expect(readFileSync(`/proc/self/fd/${file}`).equals(data)).toBe(true);
  });

  test('refuses a name that the kernel would', () => {
    expect(() => memfd('n'.repeat(250), bytes('x'), false)).toThrow(
      expect.objectContaining({ code: 'ENAMETOOLONG' }),
    );
    expect(() => memfd('', bytes('x'), false)).toThrow(TypeError);
  });
});

describe('lockFile', () => {
  const open = (directory: string): number => {
    const descriptor = openSync(directory, 'r');
    closeLater(descriptor);
    return descriptor;
  };

  test('excludes others until it is closed', () => {
    const directory = temporaryDirectory();
    const [first, second] = [open(directory), open(directory)];
    expect(lockFile(first)).toBe(true);
    expect(lockFile(second, { nonBlocking: true })).toBe(false);
    close(first);
    expect(lockFile(second, { nonBlocking: true })).toBe(true);
  });

  test('is shared by readers', () => {
    const directory = temporaryDirectory();
    const [first, second, third] = [open(directory), open(directory), open(directory)];
    expect(lockFile(first, { shared: true })).toBe(true);
    expect(lockFile(second, { shared: true, nonBlocking: true })).toBe(true);
    expect(lockFile(third, { nonBlocking: true })).toBe(false);
  });

  test('fails on a descriptor that is none', () => {
    expect(() => lockFile(9999)).toThrow(
      expect.objectContaining({ syscall: 'flock', code: 'EBADF' }),
    );
  });
});
