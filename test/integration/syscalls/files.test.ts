import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  canAccess,
  changeMode,
  closeFile,
  descriptorStatus,
  exists,
  fileSystemType,
  isSameFile,
  linkStatusOf,
  listDirectory,
  listSubdirectories,
  makeDirectories,
  makeDirectory,
  O_APPEND,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_WRONLY,
  openFile,
  readDescriptor,
  readFile,
  readLink,
  readSome,
  readText,
  realPath,
  removeDirectory,
  removeFile,
  removeTree,
  renameFile,
  statusOf,
  W_OK,
  writeFile,
  writeSome,
  writeWhole,
  X_OK,
} from '../../../src/syscalls/files.ts';
import { pipe } from '../../../src/syscalls/pipe.ts';
import { openDescriptors, temporaryDirectory } from './support.ts';

const failure = (syscall: string, code: string) => expect.objectContaining({ syscall, code });

let directory: string;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory, 'file');
});

describe('a whole file', () => {
  test.each([0, 1, 16_383, 16_384, 16_385, 300_000])('of %i bytes is read as it is', (size) => {
    const bytes = Buffer.alloc(size, 'abcdefg');
    writeFileSync(path, bytes);
    expect(Buffer.from(readFile(path)).equals(bytes)).toBe(true);
    expect(readText(path)).toBe(bytes.toString());
  });

  test('of /proc, which tells no size, is read whole', () => {
    expect(readText('/proc/self/status')).toMatch(
      /^Name:(.|\n)*nonvoluntary_ctxt_switches:\t\d+\n$/,
    );
  });

  test('that is no UTF-8 is text all the same', () => {
    writeFileSync(path, Buffer.from([0x61, 0xff, 0x62]));
    expect(readText(path)).toBe('a\ufffdb');
  });

  test('has what was written, in place of what it had, and the mode that was asked for', () => {
    writeFile(path, 'long before');
    writeFile(path, 'grün', undefined, 0o644);
    expect(readFileSync(path, 'utf8')).toBe('grün');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFile(path, new Uint8Array([1, 2, 3]).subarray(1));
    expect([...readFileSync(path)]).toEqual([2, 3]);
  });

  test('is not made, made anew or written behind its end as the flags say', () => {
    expect(() => writeFile(path, 'x', 0)).toThrow(failure('open', 'ENOENT'));
    writeFile(path, 'one', O_CREAT | O_EXCL);
    expect(() => writeFile(path, 'two', O_CREAT | O_EXCL)).toThrow(failure('open', 'EEXIST'));
    writeFile(path, 'two', O_APPEND);
    expect(readFileSync(path, 'utf8')).toBe('onetwo');
  });
});

test('a path with a NUL byte is refused, and not cut there', () => {
  writeFileSync(path, 'x');
  expect(() => readText(`${path}\0.txt`)).toThrow(failure('text', 'EINVAL'));
  expect(() => removeFile(`${path}\0`)).toThrow(failure('text', 'EINVAL'));
  expect(exists(`${path}\0`)).toBe(false);
  expect(existsSync(path)).toBe(true);
});

test('a path that is too long is an error', () => {
  expect(() => readText('/x'.repeat(2100))).toThrow(failure('text', 'ENAMETOOLONG'));
});

describe('a descriptor', () => {
  test('is read and written from where it is, and closed', () => {
    const before = openDescriptors();
    const file = openFile(path, O_CREAT | 2);
    expect(openDescriptors()).toHaveLength(before.length + 1);
    expect(writeSome(file, 'hello')).toBe(5);
    expect(readFileSync(`/proc/self/fdinfo/${file}`, 'utf8')).toMatch(/^flags:\t0*2\d{6}$/m);
    expect(descriptorStatus(file)).toMatchObject({ type: 'file', size: 5, mode: 0o600 });
    closeFile(file);
    const again = openFile(path);
    const two = new Uint8Array(2);
    expect(readSome(again, two)).toBe(2);
    expect(Buffer.from(readDescriptor(again)).toString()).toBe('llo');
    expect(readSome(again, two)).toBe(0);
    closeFile(again);
    expect(openDescriptors()).toEqual(before);
    expect(() => closeFile(again)).toThrow(failure('close', 'EBADF'));
  });

  test('of a pipe that does not block is read to the end all the same', async () => {
    const [readEnd, writeEnd] = pipe();
    // It writes when it has heard that nothing was there yet.
    const writer = spawn('sh', ['-c', 'read go; echo one; read go; echo two'], {
      stdio: ['pipe', writeEnd, 'inherit'],
    });
    closeFile(writeEnd);
    expect(() => readSome(readEnd, new Uint8Array(1))).toThrow(failure('read', 'EAGAIN'));
    writer.stdin?.end('go\ngo\n');
    expect(Buffer.from(readDescriptor(readEnd)).toString()).toBe('one\ntwo\n');
    closeFile(readEnd);
    await once(writer, 'exit');
  });

  test('tells whether its file is still at a path', () => {
    writeFileSync(path, '');
    const file = openFile(path);
    expect(isSameFile(path, file)).toBe(true);
    renameFile(path, `${path}2`);
    expect(isSameFile(path, file)).toBe(false);
    writeFileSync(path, '');
    expect(isSameFile(path, file)).toBe(false);
    expect(isSameFile(`${path}2`, file)).toBe(true);
    closeFile(file);
  });

  test('tells its file system', () => {
    const file = openFile('/proc', O_DIRECTORY);
    expect(fileSystemType(file)).toBe(0x9fa0);
    closeFile(file);
  });

  test('is not opened through a link where that is not wanted', () => {
    symlinkSync('/etc/passwd', path);
    expect(() => openFile(path, O_NOFOLLOW)).toThrow(failure('open', 'ELOOP'));
  });
});

describe('a directory', () => {
  test('is made, listed in order, and removed when it is empty', () => {
    makeDirectory(path, 0o700);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(() => makeDirectory(path, 0o700)).toThrow(failure('mkdir', 'EEXIST'));
    for (const name of ['b', 'a', 'ü']) writeFileSync(join(path, name), '');
    mkdirSync(join(path, 'd'));
    symlinkSync('d', join(path, 'c'));
    expect(listDirectory(path)).toEqual(['a', 'b', 'c', 'd', 'ü']);
    expect(listSubdirectories(path)).toEqual(['d']);
    expect(() => removeDirectory(path)).toThrow(failure('rmdir', 'ENOTEMPTY'));
    removeDirectory(join(path, 'd'));
    expect(() => listDirectory(join(path, 'd'))).toThrow(failure('open', 'ENOENT'));
    expect(() => listDirectory(join(path, 'a'))).toThrow(failure('open', 'ENOTDIR'));
  });

  test('is made with those above it, and may be there', () => {
    makeDirectories(join(path, 'x/y/z'), 0o700);
    makeDirectories(join(path, 'x/y/z'), 0o700);
    expect(statSync(join(path, 'x/y')).mode & 0o777).toBe(0o700);
    writeFileSync(join(path, 'f'), '');
    expect(() => makeDirectories(join(path, 'f'), 0o700)).toThrow(failure('mkdir', 'EEXIST'));
    expect(() => makeDirectories(join(path, 'f/g'), 0o700)).toThrow(failure('mkdir', 'ENOTDIR'));
  });

  test('is an error where those above it take none, as /proc does', () => {
    expect(() => makeDirectories('/proc/none/below', 0o700)).toThrow(failure('mkdir', 'ENOENT'));
    expect(() => makeDirectories('/proc/self/fd/77/x', 0o700)).toThrow(failure('mkdir', 'ENOENT'));
  });

  test('is removed with all in it, but not with what its links lead to', () => {
    const outside = join(directory, 'outside');
    mkdirSync(join(path, 'a/b'), { recursive: true });
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), '');
    writeFileSync(join(path, 'a/b/c'), '');
    symlinkSync(outside, join(path, 'a/link'));
    removeTree(path);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(outside)).toEqual(['kept']);
    removeTree(path);
    symlinkSync(outside, path);
    removeTree(path);
    expect(readdirSync(outside)).toEqual(['kept']);
    expect(existsSync(path)).toBe(false);
  });
});

test('the status of a path is that of what it leads to, or of the link', () => {
  expect(statusOf(path)).toBeUndefined();
  expect(linkStatusOf(path)).toBeUndefined();
  symlinkSync('target', path);
  expect(statusOf(path)).toBeUndefined();
  writeFileSync(join(directory, 'target'), 'four', { mode: 0o640 });
  utimesSync(join(directory, 'target'), 5, 1234.5);
  expect(statusOf(path)).toEqual({
    type: 'file',
    mode: 0o640,
    uid: process.geteuid?.(),
    gid: process.getegid?.(),
    size: 4,
    modified: 1_234_500,
  });
  expect(linkStatusOf(path)).toMatchObject({ type: 'other' });
  expect(statusOf(directory)).toMatchObject({ type: 'directory' });
  expect(() => statusOf(join(directory, 'target/x'))).toThrow(failure('stat', 'ENOTDIR'));
});

test('all is written, though a pipe that does not block is full for a while', async () => {
  const [readEnd, writeEnd] = pipe();
  const filling = openFile(`/proc/self/fd/${writeEnd}`, O_WRONLY | O_NONBLOCK);
  closeFile(writeEnd);
  const reader = spawn('wc', ['-c'], { stdio: [readEnd, 'pipe', 'inherit'] });
  closeFile(readEnd);
  writeWhole(filling, 'ü'.repeat(1_000_000));
  closeFile(filling);
  const [chunk] = await once(reader.stdout ?? reader, 'data');
  expect(String(chunk)).toBe('2000000\n');
});

test('a link is read, and a path resolved', () => {
  symlinkSync('../x', path);
  expect(readLink(path)).toBe('../x');
  expect(() => readLink(directory)).toThrow(failure('readlink', 'EINVAL'));
  expect(realPath(`${directory}/./../${directory.split('/').pop()}`)).toBe(directory);
  expect(() => realPath(path)).toThrow(failure('realpath', 'ENOENT'));
});

test('a mode is changed, and decides what may be done', () => {
  writeFileSync(path, '');
  chmodSync(path, 0o600);
  expect(canAccess(path, X_OK)).toBe(false);
  changeMode(path, 0o755);
  expect(canAccess(path, X_OK)).toBe(true);
  expect(canAccess(`${path}2`, W_OK)).toBe(false);
});

test('removing a file that is not there is fine, removing a directory so is not', () => {
  removeFile(path);
  expect(() => removeFile(directory)).toThrow(failure('unlink', 'EISDIR'));
});
