import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memfd } from '../../../src/syscalls/memfd.ts';
import { type Program, startProgram } from '../../../src/syscalls/program.ts';
import { waitExit, waitExitAsync } from '../../../src/syscalls/wait.ts';
import { closeLater, openDescriptors } from './support.ts';

const shell = (script: string) => ({ path: '/bin/sh', args: ['sh', '-c', script] });

function files() {
  const nothing = openSync('/dev/null', 'r');
  const output = memfd('test-output', new Uint8Array(), false);
  closeLater(nothing, output);
  return { stdio: [nothing, output, output] as const, output };
}

/** @returns what a program prints */
function outputOf(program: Partial<Program>): string {
  const { stdio, output } = files();
  const child = startProgram({
    ...shell('exit 9'),
    environment: [],
    directory: '/',
    stdio,
    ...program,
  });
  closeLater(child.pidfd);
  expect(waitExit(child.pidfd)).toEqual({ code: 0 });
  return readFileSync(`/proc/self/fd/${output}`, 'utf8');
}

describe('a program has', () => {
  test('its arguments, as they are, also empty ones', () => {
    const args = ['cat', '-u', '/proc/self/cmdline'];
    expect(outputOf({ path: '/bin/cat', args })).toBe('cat\0-u\0/proc/self/cmdline\0');
    const print = `for text; do printf '<%s>' "$text"; done`;
    expect(outputOf({ path: '/bin/sh', args: ['sh', '-c', print, 'sh', '', 'ä b', ''] })).toBe(
      '<><ä b><>',
    );
  });

  test('its environment and nothing else', () => {
    const path = '/bin/cat';
    const args = ['cat', '/proc/self/environ'];
    expect(outputOf({ path, args, environment: ['A=1', 'B=', 'A=2'] })).toBe('A=1\0B=\0A=2\0');
    expect(outputOf({ path, args })).toBe('');
  });

  test('its directory', () => {
    expect(outputOf({ ...shell('pwd'), directory: '/usr/bin' })).toBe('/usr/bin\n');
  });

  test('three descriptors, and none that this process keeps open', () => {
    const kept = Array.from({ length: 20 }, () => openSync('/dev/zero', 'r'));
    closeLater(...kept);
    const list =
      'n=0; while [ $n -lt 100 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n+1)); done; :';
    expect(outputOf(shell(list))).toBe('0\n1\n2\n');
  });

  test('no signal that is ignored, caught or blocked', () => {
    const listener = () => undefined;
    process.on('SIGUSR2', listener);
    onTestFinished(() => void process.off('SIGUSR2', listener));
    const path = '/bin/cat';
    const status = outputOf({ path, args: ['cat', '/proc/self/status'] });
    for (const set of ['SigBlk', 'SigIgn', 'SigCgt']) {
      expect(status).toMatch(new RegExp(`^${set}:\\t0{16}$`, 'm'));
    }
  });
});

test('the end of a program comes with its exit status, or its signal', async () => {
  const { stdio } = files();
  const start = (script: string) => {
    const child = startProgram({ ...shell(script), environment: [], directory: '/', stdio });
    closeLater(child.pidfd);
    return child;
  };
  expect(await waitExitAsync(start('exit 42').pidfd)).toEqual({ code: 42 });
  expect(await waitExitAsync(start('kill -KILL $$').pidfd)).toEqual({ signal: 9 });
});

describe('a program that cannot be started', () => {
  function aFile(text: string, mode: number): string {
    const folder = mkdtempSync(join(tmpdir(), 'runts-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'program');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  test.each<[what: string, code: string, program: () => Partial<Program>]>([
    ['not there', 'ENOENT', () => ({ path: '/nowhere/program' })],
    ['without an x bit', 'EACCES', () => ({ path: aFile('#!/bin/sh\n', 0o644) })],
    ['of no format that the kernel knows', 'ENOEXEC', () => ({ path: aFile('true\n', 0o755) })],
    ['with too many arguments', 'E2BIG', () => ({ args: ['sh', 'x'.repeat(1 << 20)] })],
  ])(
    '%s: execve fails with %s, and there is no child and no descriptor',
    (_what, code, program) => {
      const { stdio } = files();
      const childrenOf = () => readFileSync('/proc/thread-self/children', 'utf8');
      const given = program();
      const before = { fds: openDescriptors(), children: childrenOf() };
      const start = () =>
        startProgram({ ...shell('exit 0'), environment: [], directory: '/', stdio, ...given });
      expect(start).toThrow(expect.objectContaining({ syscall: 'execve', code }));
      expect({ fds: openDescriptors(), children: childrenOf() }).toEqual(before);
    },
  );

  test('in a directory that is not there: it is chdir that fails', () => {
    const { stdio } = files();
    expect(() =>
      startProgram({ ...shell('exit 0'), environment: [], directory: '/nowhere', stdio }),
    ).toThrow(expect.objectContaining({ syscall: 'chdir', code: 'ENOENT' }));
  });

  test('with a NUL byte in a text: nothing is started', () => {
    const { stdio } = files();
    const program = { ...shell('exit 0'), environment: [], directory: '/', stdio };
    expect(() => startProgram({ ...program, args: ['sh', 'a\0b'] })).toThrow(TypeError);
    expect(() => startProgram({ ...program, environment: ['A=\0'] })).toThrow(TypeError);
  });
});
