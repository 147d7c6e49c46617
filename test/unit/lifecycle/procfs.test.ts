import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { parseStat, readExecutable, readProcess } from '../../../src/lifecycle/procfs.ts';

/** Fields 3 to 22 of /proc/PID/stat. */
function stat(name: string, state: string, threads = 1): string {
  const between = Array.from({ length: 16 }, () => '0').join(' ');
  return `42 (${name}) ${state} ${between} ${threads} 0 987654321 0 0\n`;
}

describe('parseStat', () => {
  test('finds the start time, field 22', () => {
    expect(parseStat(stat('sh', 'S'))).toEqual({ startTime: '987654321', hasEnded: false });
  });

  test('is not confused by a program that calls itself what a dead one looks like', () => {
    expect(parseStat(stat('x) Z 1 1 1 (y', 'R'))).toEqual({
      startTime: '987654321',
      hasEnded: false,
    });
    expect(parseStat(stat('a\nb c', 'Z')).hasEnded).toBe(true);
  });

  test('takes a zombie whose other threads go on for alive', () => {
    expect(parseStat(stat('sh', 'Z', 2)).hasEnded).toBe(false);
    expect(parseStat(stat('sh', 'Z', 1)).hasEnded).toBe(true);
  });

  test('takes a dead process for ended', () => {
    expect(parseStat(stat('sh', 'X', 0)).hasEnded).toBe(true);
  });
});

describe('readProcess', () => {
  test('gives a live process the same start time each time', () => {
    const facts = readProcess(process.pid);
    expect(facts?.startTime).toMatch(/^\d+$/);
    expect(facts?.hasEnded).toBe(false);
    expect(readProcess(process.pid)).toEqual(facts);
  });

  test('is undefined for a process that has been reaped', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(readProcess(child.pid ?? 0)).toBeUndefined();
  });
});

describe('readExecutable', () => {
  test('names the program', () => {
    expect(readExecutable(process.pid)).toBe(process.execPath);
  });
});
