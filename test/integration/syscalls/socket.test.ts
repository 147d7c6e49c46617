import { spawn } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SyscallError } from '../../../src/syscalls/error.ts';
import {
  acceptUnix,
  connectUnix,
  connectUnixStream,
  listenUnix,
  receiveMessage,
  receiveMessageAsync,
  sendMessage,
  shutdownSocket,
} from '../../../src/syscalls/socket.ts';
import { bytes, close, closeLater, openDescriptors, pair, temporaryDirectory } from './support.ts';

const closeOnExec = (descriptor: number): boolean =>
  readFlags(descriptor).some((flags) => (Number.parseInt(flags, 8) & 0o2000000) !== 0);

describe('messages', () => {
  test('keep their borders', () => {
    const [left, right] = pair();
    sendMessage(left, bytes('one'));
    sendMessage(left, bytes('two'));
    expect(receiveMessage(right, 100, 0)).toEqual({ data: new Uint8Array(bytes('one')), fds: [] });
    expect(receiveMessage(right, 100, 0)).toEqual({ data: new Uint8Array(bytes('two')), fds: [] });
  });

  test('end with null when the other end is closed', () => {
    const [left, right] = pair();
    sendMessage(left, bytes('last'));
    close(left);
    expect(receiveMessage(right, 100, 0)?.data).toHaveLength(4);
    expect(receiveMessage(right, 100, 0)).toBeNull();
  });

  test('carry descriptors, which arrive close-on-exec', () => {
    const [left, right] = pair();
    const file = openSync('/dev/null', 'r');
    closeLater(file);
    sendMessage(left, bytes('x'), [file]);
    const [received = -1, ...others] = receiveMessage(right, 1, 1)?.fds ?? [];
    closeLater(received);
    expect(others).toEqual([]);
    expect(received).not.toBe(file);
    expect(readlinkSync(`/proc/self/fd/${received}`)).toBe('/dev/null');
    expect(closeOnExec(received)).toBe(true);
  });

  test('carry 253 descriptors, in order, and no more', () => {
    const [left, right] = pair();
    const sources = [openSync('/dev/null', 'r'), openSync('/dev/zero', 'r')];
    closeLater(...sources);
    const many = Array.from({ length: 253 }, (_, index) => sources[index % 2] ?? -1);
    sendMessage(left, bytes('x'), many);
    const fds = receiveMessage(right, 1, 253)?.fds ?? [];
    closeLater(...fds);
    expect(fds.map((fd) => readlinkSync(`/proc/self/fd/${fd}`))).toEqual(
      many.map((fd) => (fd === sources[0] ? '/dev/null' : '/dev/zero')),
    );
    expect(() => sendMessage(left, bytes('x'), [...many, ...sources])).toThrow(TypeError);
  });

  test('with more bytes than expected are EMSGSIZE, and their descriptors are closed', () => {
    const [left, right] = pair();
    sendMessage(left, bytes('too long'), [left, left]);
    const before = openDescriptors();
    expect(() => receiveMessage(right, 3, 2)).toThrow(
      expect.objectContaining({ syscall: 'recvmsg', code: 'EMSGSIZE' }),
    );
    expect(openDescriptors()).toEqual(before);
  });

  test('with more descriptors than expected are EMSGSIZE, and all of them are closed', () => {
    const [left, right] = pair();
    sendMessage(left, bytes('x'), [left, right, left]);
    const before = openDescriptors();
    expect(() => receiveMessage(right, 10, 2)).toThrow(
      expect.objectContaining({ code: 'EMSGSIZE' }),
    );
    expect(openDescriptors()).toEqual(before);
  });

  test('to nobody are EPIPE and no signal', () => {
    const [left, right] = pair();
    close(right);
    expect(() => sendMessage(left, bytes('x'))).toThrow(
      expect.objectContaining({ syscall: 'sendmsg', code: 'EPIPE', errno: 32 }),
    );
  });

  test('are waited for without blocking, many at once', async () => {
    const pairs = Array.from({ length: 20 }, pair);
    const received = pairs.map(([, right]) => receiveMessageAsync(right, 10, 1));
    for (const [index, [left]] of pairs.entries()) sendMessage(left, bytes(`${index}`), [left]);
    const messages = await Promise.all(received);
    closeLater(...messages.flatMap((message) => message?.fds ?? []));
    expect(messages.map((message) => Buffer.from(message?.data ?? []).toString())).toEqual(
      pairs.map((_, index) => `${index}`),
    );
  });

  test('that are waited for come to an end by shutdownSocket', async () => {
    const [, right] = pair();
    const message = receiveMessageAsync(right, 10, 0);
    shutdownSocket(right);
    expect(await message).toBeNull();
  });

  test('from what is no socket reject with the errno', async () => {
    const file = openSync('/dev/null', 'r');
    closeLater(file);
    const failure = receiveMessageAsync(file, 10, 0);
    await expect(failure).rejects.toBeInstanceOf(SyscallError);
    await expect(failure).rejects.toMatchObject({ syscall: 'recvmsg', code: 'ENOTSOCK' });
  });
});

describe('misuse is a TypeError before any system call', () => {
  const misuses: readonly [string, () => unknown][] = [
    ['an empty message', () => sendMessage(0, new Uint8Array())],
    ['a negative descriptor', () => sendMessage(-1, bytes('x'))],
    ['a fraction for a descriptor', () => shutdownSocket(1.5)],
    ['no descriptor', () => acceptUnix(Number.NaN)],
    ['a negative descriptor among those sent', () => sendMessage(0, bytes('x'), [-1])],
    ['room for no bytes', () => receiveMessage(0, 0, 0)],
    ['room for more descriptors than there can be', () => receiveMessage(0, 1, 254)],
    ['a name with a NUL byte', () => listenUnix(0, 'a\0b')],
    ['an empty path', () => connectUnixStream('')],
  ];
  for (const [what, call] of misuses) {
    test(what, () => expect(call).toThrow(TypeError));
  }
});

describe('a socket in a directory', () => {
  test('is reached by the descriptor of the directory, however long its path', () => {
    const long = join(temporaryDirectory(), ...Array.from({ length: 5 }, () => 'd'.repeat(100)));
    mkdirSync(long, { recursive: true });
    const directory = openSync(long, 'r');
    closeLater(directory);
    const listener = listenUnix(directory, 'start.sock');
    const client = connectUnix(directory, 'start.sock');
    const server = acceptUnix(listener);
    closeLater(listener, client, server);
    sendMessage(client, bytes('go'));
    expect(receiveMessage(server, 10, 0)?.data).toHaveLength(2);
    expect(fstatSync(listener).isSocket()).toBe(true);
    expect([listener, client, server].every(closeOnExec)).toBe(true);
  });

  test('is ENOENT where there is none and ECONNREFUSED where nobody listens', () => {
    const directory = openSync(temporaryDirectory(), 'r');
    closeLater(directory);
    const before = openDescriptors();
    expect(() => connectUnix(directory, 'none.sock')).toThrow(
      expect.objectContaining({ syscall: 'connect', code: 'ENOENT' }),
    );
    closeSync(listenUnix(directory, 'left.sock'));
    expect(() => connectUnix(directory, 'left.sock')).toThrow(
      expect.objectContaining({ code: 'ECONNREFUSED' }),
    );
    expect(() => listenUnix(directory, 'left.sock')).toThrow(
      expect.objectContaining({ syscall: 'bind', code: 'EADDRINUSE' }),
    );
    expect(openDescriptors()).toEqual(before);
  });
});

describe('a stream socket of somebody else', () => {
  const listener = [
    'import socket, sys',
    's = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)',
    's.bind(sys.argv[1]); s.listen()',
    'print("ready", flush=True)',
    'c, _ = s.accept()',
    'data, fds, _, _ = socket.recv_fds(c, 4096, 4)',
    'size = len(data)',
    'while True:',
    '    more = c.recv(65536)',
    '    if not more: break',
    '    size += len(more)',
    'print(data[:7].decode(), size, len(fds), flush=True)',
  ].join('\n');

  async function listen(path: string): Promise<AsyncIterator<string>> {
    const python = spawn('python3', ['-c', listener, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void python.kill('SIGKILL'));
    const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
    expect(await lines.next()).toMatchObject({ value: 'ready' });
    return lines;
  }

  test('gets the bytes and one descriptor, over a path of any length', async () => {
    const directory = temporaryDirectory();
    const lines = await listen(join(directory, 'a.sock'));
    const long = join(directory, ...Array.from({ length: 3 }, () => 'd'.repeat(100)));
    mkdirSync(long, { recursive: true });
    symlinkSync(join(directory, 'a.sock'), join(long, 'b.sock'));
    const nothing = openSync('/dev/null', 'r');
    closeLater(nothing);
    const client = connectUnixStream(join(long, 'b.sock'));
    sendMessage(client, bytes('console'), [nothing]);
    closeSync(client);
    expect(await lines.next()).toMatchObject({ value: 'console 7 1' });
  });

  test('gets all of a message that is larger than its buffer, and the descriptors once', async () => {
    const path = join(temporaryDirectory(), 'a.sock');
    const lines = await listen(path);
    const nothing = openSync('/dev/null', 'r');
    closeLater(nothing);
    const client = connectUnixStream(path);
    const large = new Uint8Array(8 * 1024 * 1024).fill(0x41);
    sendMessage(client, large, [nothing, nothing]);
    closeSync(client);
    expect(await lines.next()).toMatchObject({ value: `AAAAAAA ${large.length} 2` });
  });

  test('is ENOENT where there is none and ECONNREFUSED where a path is no socket', () => {
    const directory = temporaryDirectory();
    const before = openDescriptors();
    expect(() => connectUnixStream(join(directory, 'none'))).toThrow(
      expect.objectContaining({ syscall: 'open', code: 'ENOENT' }),
    );
    expect(() => connectUnixStream(directory)).toThrow(
      expect.objectContaining({ syscall: 'connect', code: 'ECONNREFUSED' }),
    );
    expect(openDescriptors()).toEqual(before);
  });
});

function readFlags(descriptor: number): string[] {
  const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
  return [...info.matchAll(/^flags:\s+(\d+)$/gm)].map(([, flags = '']) => flags);
}
