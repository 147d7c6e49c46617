import { describe, expect, test } from 'vitest';
import { containerProcesses, selectProcesses } from '../../../src/lifecycle/ps.ts';
import { aContext, saveContainer } from './a-container.ts';

const OUTPUT = `UID        PID  PPID CMD
root         1     0 init
root        42     1 sleep 7
www        420    42 PID 42
`;

describe('selectProcesses', () => {
  test('keeps the titles, and the lines of those processes', () => {
    expect(selectProcesses(OUTPUT, new Set([420]))).toBe(
      'UID        PID  PPID CMD\nwww        420    42 PID 42\n',
    );
  });

  test('finds the column wherever it is', () => {
    expect(selectProcesses('  PID CMD\n   42 a\n   43 b\n', new Set([43]))).toBe(
      '  PID CMD\n   43 b\n',
    );
  });

  test('keeps only the titles where no process is left', () => {
    expect(selectProcesses(OUTPUT, new Set())).toBe('UID        PID  PPID CMD\n');
  });

  test('says that the column is needed', () => {
    expect(() => selectProcesses('CMD\nsleep\n', new Set([1]))).toThrow(
      "couldn't find PID field in ps output",
    );
  });
});

describe('containerProcesses', () => {
  test('of a container without a cgroup are none', async () => {
    const context = aContext();
    await saveContainer(context);
    expect(await containerProcesses(context, 'web')).toEqual([]);
  });

  test('says that there is no such container', async () => {
    await expect(containerProcesses(aContext(), 'web')).rejects.toThrow(
      /^container does not exist$/,
    );
  });
});
